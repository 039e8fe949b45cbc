import { dynamoDbClient } from '../aws/dynamodb-client.ts';
import { sdkDynamoDb } from '../aws/sdk-dynamodb.ts';
import { composeOn } from './compose-on.ts';

/** Composes every function except those for which a user waits at login (`composeForLogin`). */
export function composeService({ TABLE_NAME }: { readonly TABLE_NAME: string }) {
  return composeOn(() => sdkDynamoDb(dynamoDbClient()), TABLE_NAME);
}
