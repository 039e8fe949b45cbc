import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DynamoDb, startDynamoDb } from '../../infra/local/dynamodb.ts';
import { createTables } from '../../infra/local/table.ts';
import type { Template } from '../../infra/local/template.ts';
import { openTimeToLive } from '../../infra/local/time-to-live.ts';

const NOW = Date.parse('2026-03-02T08:00:00Z');
const HOUR = 3_600_000;
const seconds = (instant: number) => Math.floor(instant / 1_000);

const table = (Properties: object) => ({
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  ...Properties,
});
const tables = {
  mortal: table({ TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }),
  eternal: table({}),
};
const template = {
  ofType: (type: string) =>
    type === 'AWS::DynamoDB::Table' ? Object.entries(tables).map(([id, Properties]) => [id, { Properties }]) : [],
  physicalName: (id: string) => id,
} as unknown as Template;

const dir = mkdtempSync(join(tmpdir(), 'time-to-live-'));
let dynamoDb: DynamoDb;
let client: DynamoDBClient;
beforeAll(async () => {
  dynamoDb = await startDynamoDb(dir);
  await createTables(template, dynamoDb.url, { fresh: true });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  client = new DynamoDBClient({ endpoint: dynamoDb.url, region: 'eu-north-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await dynamoDb.stop();
  rmSync(dir, { recursive: true });
});

const put = (TableName: string, pk: string, ttl?: { N: string } | { S: string }) =>
  client.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: 'any' }, ...(ttl && { ttl }) } }));

async function left(TableName: string): Promise<readonly (string | undefined)[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  return Items.map((item) => item['pk']?.S).toSorted();
}

test('expired items are deleted once an hour of the clock, and no others', async () => {
  let now = NOW;
  const expiry = openTimeToLive(template, { clock: { now: () => now } as never, dynamodb: dynamoDb.url });
  const run = async () => {
    expiry.startDue();
    return expiry.settle();
  };
  await put('mortal', 'expired', { N: String(seconds(NOW)) });
  await put('mortal', 'later', { N: String(seconds(NOW + HOUR)) });
  await put('mortal', 'long-ago', { N: String(seconds(NOW - 6 * 365 * 24 * HOUR)) });
  await put('mortal', 'text', { S: String(seconds(NOW)) });
  await put('mortal', 'without');
  await put('eternal', 'expired', { N: String(seconds(NOW)) });

  expect(await run()).toBe(true);
  expect(await left('mortal')).toEqual(['later', 'long-ago', 'text', 'without']);
  expect(await left('eternal')).toEqual(['expired']);

  now = NOW + HOUR - 1;
  expect(await run()).toBe(false);
  now = NOW + HOUR;
  expect(await run()).toBe(true);
  expect(await left('mortal')).toEqual(['long-ago', 'text', 'without']);
  expiry.halt();
});
