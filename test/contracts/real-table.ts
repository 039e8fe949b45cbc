import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, type DynamoDBClient, paginateScan, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '../../infra/local/dynamodb.ts';
import { itemOf } from '../../shared/aws/attributes.ts';
import { dynamoDbClient } from '../../shared/aws/dynamodb-client.ts';
import { dynamoDbTable } from '../../shared/aws/dynamodb-table.ts';
import { sdkDynamoDb } from '../../shared/aws/sdk-dynamodb.ts';
import { signedDynamoDb } from '../../shared/aws/signed-dynamodb.ts';
import { systemClock } from '../../shared/platform/clock.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { seededRandom } from '../../shared/platform/random.ts';

/** Ms for one try of a call, where much else runs. */
const SLOW_MACHINE = 60_000;

/** A real engine of its own: each table made on it is empty, and built from the one definition. */
export type Engine = {
  readonly client: DynamoDBClient;
  readonly newTable: (options?: { readonly hasStream?: boolean }) => Promise<EngineTable>;
  readonly url: string;
  readonly stop: () => Promise<void>;
};

export type EngineTable = {
  readonly name: string;
  /** As logins reach it: by calls signed here. */
  readonly table: Table;
  /** The same one through the SDK, as everything else reaches it. */
  readonly throughSdk: Table;
  /** Everything that is stored; only for looking on. */
  readonly items: () => Promise<readonly Item[]>;
};

export async function startEngine(): Promise<Engine> {
  const directory = mkdtempSync(join(tmpdir(), 'license-table-'));
  const engine = await startDynamoDb(directory);
  const place = {
    endpoint: engine.url,
    region: 'eu-north-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const client = dynamoDbClient(SLOW_MACHINE, place);
  const { pause } = systemClock;
  const signed = signedDynamoDb({
    ...place,
    answeredWithin: SLOW_MACHINE,
    clock: systemClock,
    random: seededRandom(1),
  });
  let tables = 0;
  const newTable: Engine['newTable'] = async ({ hasStream = false } = {}) => {
    tables += 1;
    const name = `licenses-${process.pid}-${tables}`;
    await createTable(client, name, hasStream);
    return {
      name,
      table: dynamoDbTable(signed, name, pause),
      throughSdk: dynamoDbTable(sdkDynamoDb(client), name, pause),
      items: () => scan(client, name),
    };
  };
  const stop = async (): Promise<void> => {
    client.destroy();
    await engine.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { client, newTable, url: engine.url, stop };
}

async function createTable(client: DynamoDBClient, name: string, hasStream: boolean): Promise<void> {
  const keyed = [TABLE, ...Object.values(TABLE.indexes)];
  const attributes = new Set(keyed.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]));
  const schemaOf = ({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: schemaOf(TABLE),
      AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([IndexName, keys]) => ({
        IndexName,
        KeySchema: schemaOf(keys),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
      ...(hasStream && { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' as const } }),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: name });
}

async function scan(client: DynamoDBClient, name: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    for (const item of page.Items ?? []) items.push(itemOf(item));
  }
  return items;
}
