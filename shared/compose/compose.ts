import { dynamoDbClient } from '../aws/dynamodb-client.ts';
import { sdkDynamoDb } from '../aws/sdk-dynamodb.ts';
import { composeOn } from './compose-on.ts';

/** What every function is composed of, but for those that somebody waits for at a login: `composeForLogin`. */
export function composeService({ TABLE_NAME }: { readonly TABLE_NAME: string }) {
  return composeOn(() => sdkDynamoDb(dynamoDbClient()), TABLE_NAME);
}
