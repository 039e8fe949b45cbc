import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { embeddedBinary } from '../../../infra/local/dynamodb.ts';
import { type LocalStack, startLocalStack } from '../../../infra/local/local-stack.ts';
import { TENANT } from '../../../infra/local/sample-people.ts';
import { marshalled } from '../../../shared/aws/attributes.ts';
import { EMPTY_TREE, ROOT } from '../../../shared/licensing/folder-tree.ts';
import type { Item } from '../../../shared/platform/ports/table.ts';
import { TABLE } from '../../../shared/platform/ports/table-definition.ts';
import { licenseItem, tenantItem, userCardItem, vacancyItem } from '../../../shared/store/items.ts';
import { aLicense, aUserCard, NOW, SETTINGS } from '../../fakes/world.ts';

/** The name that the stack gives to its table. */
const NAME = 'LicenseService-licenses';

/**
 * Starts a local stack whose sample tenant has so many licenses and people. They are imported as an export of DynamoDB
 * is, which takes seconds, and without a stream, so that nothing works in the background while something is measured.
 */
export async function startLargeTenant(dir: string, size: number): Promise<LocalStack> {
  const exported = join(dir, 'export');
  const data = join(exported, NAME, 'data');
  const schema = join(exported, 'schema.json');
  mkdirSync(data, { recursive: true });
  writeFileSync(schema, JSON.stringify([{ Table: tableSchema() }]));
  const lines = itemsOf(size).map((item) => `${JSON.stringify({ Item: marshalled(item) })}\n`);
  writeFileSync(join(data, 'items.json.gz'), gzipSync(lines.join('')));
  execFileSync(
    embeddedBinary(),
    ['import', '--source', exported, '--schema', schema, '--output', join(dir, 'dynamodb.sqlite')],
    { stdio: 'ignore' },
  );
  rmSync(exported, { recursive: true });
  return startLocalStack({ dir, port: 0, seed: async () => [TENANT] });
}

function tableSchema() {
  const keyed = [TABLE, ...Object.values(TABLE.indexes)];
  const attributes = new Set(keyed.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]));
  const schemaOf = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
  return {
    TableName: NAME,
    KeySchema: schemaOf(TABLE),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: Object.entries(TABLE.indexes).map(([IndexName, keys]) => ({
      IndexName,
      KeySchema: schemaOf(keys),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
  };
}

/** As a large customer has them: some licenses of each class, most of them free, and people with long ids. */
function itemsOf(size: number): readonly Item[] {
  const change = { actor: 'seed', cause: 'seed', at: NOW };
  const licenses = Array.from({ length: size }, (_, index) =>
    aLicense({
      tenant: TENANT,
      serialNumber: `A${1_000_000 + index}`,
      type: index % 3 === 0 ? 'dedicated' : 'floating',
      access: index % 4 === 0 ? 'read' : 'write',
      folderId: teamOf(index),
      ...(index % 6 === 0 && { assignedTo: userOf(index) }),
    }),
  );
  const cards = Array.from({ length: size }, (_, index) =>
    aUserCard({ tenant: TENANT, user: userOf(index), name: `Person ${index}`, folderId: teamOf(index) }),
  );
  const folders = { ...EMPTY_TREE, ...Object.fromEntries(TEAMS.map((name) => [name, { name, parent: ROOT }])) };
  return [
    tenantItem({ tenantId: TENANT, settings: SETTINGS, folders, version: 1, change }),
    ...licenses.map(licenseItem),
    ...licenses.filter(({ assignedTo }) => assignedTo === undefined).map(vacancyItem),
    ...cards.map((card) => userCardItem(card, undefined)),
  ];
}

/** The folders among which the licenses and the people are spread. */
export const TEAMS = Array.from({ length: 9 }, (_, index) => `Team ${index + 1}`);
const teamOf = (index: number) => TEAMS[index % TEAMS.length] ?? '';
const userOf = (index: number) => `user-${1_000_000 + index}@example.com`;
