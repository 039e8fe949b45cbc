import { readShard, shardsOf } from '../../../infra/local/stream-reader.ts';
import { changedItemOf } from '../../../shared/aws/stream-records.ts';
import type { ChangedItem } from '../../../shared/history/changed-item.ts';
import { sameValue } from '../../../shared/licensing/clause.ts';
import type { Item } from '../../../shared/platform/ports/table.ts';
import { change } from '../../../shared/store/items.ts';

const PAGE = 1_000;

/**
 * Attributes whose change is no change of state: a session that is seen again, an upload that says the same again; a
 * receipt, which itself tells whose it is, why and of when: two logins of a user may fall into one millisecond, and
 * so may the times of both; that a shortened idle time was applied to the open sessions.
 */
const UNEXPLAINED: Readonly<Record<string, readonly string[]>> = {
  LICENSE: ['imported'],
  CARD: ['sessions', 'ended', 'idleKey', 'idleSort', 'lastReceipt', 'loggedInAt', 'lastSeen'],
  TENANT: ['idleShortenedAt', 'idleKey', 'idleSort'],
};

/** The items of which every change says who made it, why and when (I12), beside those of hooks. */
const EXPLAINED = ['LICENSE', 'CARD', 'TENANT', 'POOL', 'CLEANUP', 'WEBHOOK'];

/** What is configured is taken away; nothing else is. */
const REMOVABLE = /^(WEBHOOK|HOOK)#/;

/** The changes of the table so far that do not say in the same write who made them, why and when. */
export async function unexplainedChanges(dynamodb: string, table: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const shard of await shardsOf(dynamodb, table)) {
    for (let after: string | undefined; ; ) {
      const records = await readShard(dynamodb, shard, { after, limit: PAGE });
      found.push(...records.flatMap((record) => unexplained(changedItemOf(record))));
      if (records.length === 0) break;
      after = records.at(-1)?.dynamodb.SequenceNumber;
    }
  }
  return found;
}

export function unexplained({ before, after }: Pick<ChangedItem, 'before' | 'after'>): readonly string[] {
  const item = after ?? before;
  if (item === undefined || !(EXPLAINED.includes(item.sk) || item.pk.startsWith('HOOK#'))) return [];
  // Only marks of ended sessions are left of a deleted card. What the card held explains the deletion.
  if (item.sk === 'CARD' && !('folderId' in item)) return [];
  if (after === undefined) return REMOVABLE.test(item.pk) ? [] : [`${nameOf(item)} was removed`];
  const changed = Object.keys({ ...before, ...after }).filter(
    (name) => !(UNEXPLAINED[after.sk] ?? []).includes(name) && !sameValue(before?.[name], after[name]),
  );
  if (changed.length === 0) return [];
  const isExplained = changed.includes('change') && change.safeParse(after['change']).success;
  return isExplained ? [] : [`${nameOf(after)} was changed without a cause: ${changed.join(', ')}`];
}

const nameOf = ({ pk, sk }: Item) => `${pk} ${sk}`;
