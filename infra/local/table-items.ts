import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { itemOf } from '../../shared/aws/attributes.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { readEndpoints } from './endpoints.ts';

/**
 * Returns the items of a running local stack's table whose partition key is or begins with a text, in the order of
 * their keys. The text names a kind and a whole tenant, so items of two tenants never mix: `L#acme` is not `L#acme-2`.
 */
export async function readTableItems(dir: string, key: string) {
  const [kind = '', tenantId = '', ...rest] = key.split('#');
  if (kind === '' || tenantId === '') {
    throw new Error(`"${key}" is not the beginning of a key. Name a kind and a tenant, for example "L#acme".`);
  }
  const { dynamodb, region, table } = readEndpoints(dir);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials });
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      ConsistentRead: true,
      FilterExpression: '#pk = :key OR begins_with(#pk, :beginning)',
      ExpressionAttributeNames: { '#pk': TABLE.partitionKey },
      ExpressionAttributeValues: { ':key': { S: key }, ':beginning': { S: rest.length > 0 ? key : `${key}#` } },
    },
  );
  const items = [];
  for await (const { Items: found = [] } of pages) items.push(...found.map(itemOf));
  client.destroy();
  return items.toSorted((a, b) => compare(a.pk, b.pk) || compare(a.sk, b.sk));
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);
