import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  ResourceNotFoundException,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { StartError } from './http.ts';
import { REGION, type Template } from './template.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.object({
  ProjectionType: z.enum(['KEYS_ONLY', 'ALL', 'INCLUDE']),
  NonKeyAttributes: z.optional(z.array(z.string())),
});
const tableProperties = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  GlobalSecondaryIndexes: z._default(
    z.array(z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projection })),
    [],
  ),
  StreamSpecification: z.optional(
    z.object({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) }),
  ),
});

/** Creates the template's missing tables, or all of them again if `fresh`. Returns their names. */
export async function createTables(
  template: Template,
  endpoint: string,
  { fresh }: { readonly fresh: boolean },
): Promise<string[]> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: REGION, credentials });
  const tables = [...template.ofType('AWS::DynamoDB::Table'), ...template.ofType('AWS::DynamoDB::GlobalTable')].map(
    ([logicalId, { Properties }]) => ({ logicalId, wanted: tableProperties.parse(Properties) }),
  );
  return Promise.all(
    tables.map(async ({ logicalId, wanted }) => {
      const name = template.physicalName(logicalId);
      if (fresh) await deleteIfThere(client, name);
      await createOrCheck(client, name, wanted);
      return name;
    }),
  );
}

async function deleteIfThere(client: DynamoDBClient, name: string): Promise<void> {
  try {
    await client.send(new DeleteTableCommand({ TableName: name }));
    await waitUntilTableNotExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: name });
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

async function createOrCheck(client: DynamoDBClient, name: string, wanted: z.infer<typeof tableProperties>) {
  const indexes = wanted.GlobalSecondaryIndexes;
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: wanted.KeySchema,
        AttributeDefinitions: wanted.AttributeDefinitions,
        ...(indexes.length > 0 && {
          GlobalSecondaryIndexes: indexes.map(({ Projection: { ProjectionType, NonKeyAttributes }, ...index }) => ({
            ...index,
            Projection: { ProjectionType, ...(NonKeyAttributes && { NonKeyAttributes }) },
          })),
        }),
        ...(wanted.StreamSpecification && {
          StreamSpecification: { StreamEnabled: true, ...wanted.StreamSpecification },
        }),
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: name });
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    const { Table: found } = await client.send(new DescribeTableCommand({ TableName: name }));
    const names = (list: readonly { readonly IndexName?: string | undefined }[]) =>
      list.map(({ IndexName = '' }) => IndexName).toSorted();
    if (names(found?.GlobalSecondaryIndexes ?? []).join() !== names(indexes).join()) {
      throw new StartError(`The table has other indexes now than the kept data. Start with --fresh, which empties it.`);
    }
  }
}
