import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  paginateScan,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { itemOf } from '../../shared/aws/attributes.ts';
import { sameValue } from '../../shared/licensing/clause.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Item, Key } from '../../shared/platform/ports/table.ts';
import { tenantOfKey } from '../../shared/store/keys.ts';

export type RestoreRequest = {
  /** The restored table. */
  readonly from: string;
  /** The table of the service. */
  readonly to: string;
  readonly tenantId: string;
};

/** How many items of each kind differ. */
export type Differences = {
  readonly put: Readonly<Record<string, number>>;
  readonly deleted: Readonly<Record<string, number>>;
};

/**
 * The kinds that are evidence of what happened, also after the restored moment: the marks of erased users, commands and
 * the names in them, and records that could not be read. They are added if they are missing, and never changed.
 */
const EVIDENCE: readonly string[] = ['E', 'COMMAND', 'ACTOR', 'NAME', 'X'];

/** The kinds of the history. They come first, so the reader of the stream finds the entries of what is restored. */
const HISTORY: readonly string[] = ['H', 'D', 'P'];

/** The kinds whose key does not name the tenant. Their items do. */
const NAMED_INSIDE: readonly string[] = ['HOOKSCOPE', 'COGNITO', 'X'];

type Deps = { readonly client: DynamoDBClient; readonly clock: Pick<Clock, 'pause'> };

/**
 * Makes the items of one tenant what they are in the restored table, and deletes the others of this tenant. Returns
 * what differed; without `write` it changes nothing. Idempotent: after an interruption, or when the readers of the
 * stream wrote meanwhile, a second run does the rest. Nobody may change the tenant's items while it runs.
 */
export async function restoreTenant(
  { client, clock }: Deps,
  { from, to, tenantId }: RestoreRequest,
  { write }: { readonly write: boolean },
): Promise<Differences> {
  const restored = await readItems(client, from, (item) => tenantOf(item) === tenantId);
  if (![...restored.values()].some(({ item: { pk, sk } }) => pk === `T#${tenantId}` && sk === 'TENANT')) {
    throw new Error(`The table ${from} has no tenant ${tenantId}.`);
  }
  // What another tenant owns now stays with it.
  const present = await readItems(client, to, (item) => tenantOf(item) === tenantId || restored.has(nameOf(item)));

  const put = [...restored.values()].filter(({ item }) => {
    const now = present.get(nameOf(item))?.item;
    if (now === undefined) return true;
    return tenantOf(now) === tenantId && !EVIDENCE.includes(kindOf(item)) && !sameValue(now, item);
  });
  const deleted = [...present.values()].filter(
    ({ item }) => !restored.has(nameOf(item)) && !EVIDENCE.includes(kindOf(item)),
  );
  if (write) {
    const changes = [
      ...deleted.map(({ item, stored }) => ({ item, request: { DeleteRequest: { Key: keyOf(stored) } } })),
      ...put.map(({ item, stored }) => ({ item, request: { PutRequest: { Item: stored } } })),
    ].toSorted((one, other) => phaseOf(one.item) - phaseOf(other.item));
    await writeAll(
      { client, clock },
      to,
      changes.map(({ request }) => request),
    );
  }
  return { put: countsOf(put), deleted: countsOf(deleted) };
}

/** Items as the database gives them, beside what they say. */
type Stored = { readonly item: Item; readonly stored: Record<string, AttributeValue> };

/** Reads the items that are wanted, by their keys. A scan reads the whole table. */
async function readItems(
  client: DynamoDBClient,
  table: string,
  wanted: (item: Item) => boolean,
): Promise<ReadonlyMap<string, Stored>> {
  const found = new Map<string, Stored>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true })) {
    for (const stored of Items) {
      const item = itemOf(stored);
      if (wanted(item)) found.set(nameOf(item), { item, stored });
    }
  }
  return found;
}

/** The most writes of one call. */
const AT_ONCE = 25;

const LONGEST_PAUSE = 5_000;

async function writeAll({ client, clock }: Deps, table: string, requests: readonly WriteRequest[]): Promise<void> {
  for (let start = 0; start < requests.length; start += AT_ONCE) {
    let left: WriteRequest[] = requests.slice(start, start + AT_ONCE);
    for (let pause = 100; left.length > 0; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [table]: left } }),
      );
      left = UnprocessedItems[table] ?? [];
      if (left.length > 0) await clock.pause(pause);
    }
  }
}

function keyOf({ pk, sk }: Record<string, AttributeValue>): Record<string, AttributeValue> {
  if (pk === undefined || sk === undefined) throw new TypeError('An item has a key');
  return { pk, sk };
}

function kindOf({ pk }: Key): string {
  return pk.split('#')[0] ?? '';
}

function tenantOf(item: Item): unknown {
  return NAMED_INSIDE.includes(kindOf(item)) ? item['tenant'] : tenantOfKey(item);
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}

/** The history comes first, and the tenant itself last. */
function phaseOf(item: Item): number {
  if (HISTORY.includes(kindOf(item))) return 0;
  return item.sk === 'TENANT' ? 2 : 1;
}

function countsOf(items: readonly Stored[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { item } of items) counts[kindOf(item)] = (counts[kindOf(item)] ?? 0) + 1;
  return counts;
}
