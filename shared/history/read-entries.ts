import type { HistoryEntry, LicenseChange } from '../licensing/history/history.ts';
import { DAY, type Instant, instantOf } from '../licensing/time.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { historyEntryOf, licenseChangeOf, pointerTarget } from '../store/history-items.ts';
import { HISTORY_SHARDS, historyKey, personHistoryKey, tenantDayPartition } from '../store/keys.ts';
import { sortKeyAfter, walkPartition } from '../store/paging.ts';

/** Entries in the order of time, and the position of the last one that was read if there may be more. */
export type EntryPage = { readonly entries: readonly HistoryEntry[]; readonly next?: string };

/** Reads the changes of one license after a version, in order. */
export async function readLicenseHistory(
  table: Table,
  tenantId: string,
  serialNumber: string,
  { after = 0, limit }: { readonly after?: number; readonly limit: number },
): Promise<{ readonly entries: readonly LicenseChange[]; readonly next?: number }> {
  const { pk, sk: from } = historyKey(tenantId, serialNumber, after + 1);
  const page = await table.query({ pk, from, limit });
  const entries = page.items.map(licenseChangeOf);
  const last = entries.at(-1);
  return page.more && last !== undefined ? { entries, next: last.version } : { entries };
}

/**
 * Reads the last change of a license at or before an instant, by binary search: a hundred thousand changes need
 * seventeen reads. Returns undefined when the license did not exist yet.
 */
export async function readAsOf(
  table: Table,
  tenantId: string,
  serialNumber: string,
  at: Instant,
): Promise<LicenseChange | undefined> {
  const latestUpTo = async (version: number): Promise<LicenseChange | undefined> => {
    const { pk, sk: to } = historyKey(tenantId, serialNumber, version);
    const { items } = await table.query({ pk, to, descending: true, limit: 1 });
    return items[0] === undefined ? undefined : licenseChangeOf(items[0]);
  };
  const newest = await latestUpTo(MOST_VERSIONS);
  if (newest === undefined || newest.change.at <= at) return newest;
  let found: LicenseChange | undefined;
  let low = 1;
  let high = newest.version - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const candidate = await latestUpTo(middle);
    if (candidate === undefined || candidate.change.at <= at) {
      found = candidate ?? found;
      low = middle + 1;
    } else {
      high = candidate.version - 1;
    }
  }
  return found;
}

const MOST_VERSIONS = 999_999_999;

/** Reads what happened to a user or was done by them, the latest first. */
export async function readPersonHistory(
  table: Table,
  tenantId: string,
  user: string,
  { before = '~', limit }: { readonly before?: string; readonly limit: number },
): Promise<EntryPage> {
  const { pk } = personHistoryKey(tenantId, user, '');
  const page = await table.query({ pk, to: before, descending: true, limit: limit + 1 });
  const items = page.items.filter(({ sk }) => sk !== before).slice(0, limit);
  return entryPage(await readTargets(table, items), items, page.items.length > items.length || page.more);
}

/**
 * Reads the changes after which a user held a license at an instant: the latest one until then of each license that
 * ever concerned the user. Reads the user's whole list until then, and these changes.
 */
export async function readPersonAsOf(
  table: Table,
  tenantId: string,
  user: string,
  at: Instant,
): Promise<readonly LicenseChange[]> {
  const { pk } = personHistoryKey(tenantId, user, '');
  const latest = new Map<string, Key>();
  for await (const items of walkPartition(table, { pk, to: `${at}#~` })) {
    for (const target of items.map(pointerTarget)) {
      const known = latest.get(target.pk);
      if (known === undefined || known.sk < target.sk) latest.set(target.pk, target);
    }
  }
  // A denial is stored with its day.
  const ofLicenses = [...latest.values()].filter((key) => key.pk.startsWith(historyKey(tenantId, '', 0).pk));
  const changes = (await table.getMany(ofLicenses)).flatMap((item) =>
    item === undefined ? [] : licenseChangeOf(item),
  );
  return changes
    .filter(({ after }) => after.assignedTo === user || after.currentUser === user)
    .toSorted((one, other) => (one.serialNumber < other.serialNumber ? -1 : 1));
}

/** Reads what happened at a tenant from one instant to before another, in order. */
export async function readTenantHistory(
  table: Table,
  tenantId: string,
  {
    from,
    to,
    after,
    limit,
  }: { readonly from: Instant; readonly to: Instant; readonly after?: string; readonly limit: number },
): Promise<EntryPage> {
  const begin = after === undefined ? from : sortKeyAfter(after);
  const parts = utcDays(begin.slice(0, 10), to).flatMap((day) =>
    Array.from({ length: HISTORY_SHARDS }, (_, shard) => tenantDayPartition(tenantId, day, shard)),
  );
  const pages = await Promise.all(parts.map((pk) => table.query({ pk, from: begin, to, limit })));
  const found = pages.flatMap(({ items }) => items).toSorted((one, other) => (one.sk < other.sk ? -1 : 1));
  const items = found.slice(0, limit);
  const more = found.length > limit || pages.some((page) => page.more);
  return entryPage(await readTargets(table, items), items, more);
}

function entryPage(entries: readonly HistoryEntry[], items: readonly Item[], more: boolean): EntryPage {
  const last = items.at(-1);
  return more && last !== undefined ? { entries, next: last.sk } : { entries };
}

async function readTargets(table: Table, items: readonly Item[]): Promise<readonly HistoryEntry[]> {
  const pointing = items.filter((item) => !('kind' in item));
  const targets = await table.getMany(pointing.map(pointerTarget));
  const bySortKey = new Map(pointing.map(({ sk }, index) => [sk, targets[index]]));
  return items.flatMap((item) => {
    const target = 'kind' in item ? item : bySortKey.get(item.sk);
    return target === undefined ? [] : historyEntryOf(target);
  });
}

/** Returns the UTC days between two instants. The last one counts unless the range ends at its beginning. */
function utcDays(first: string, to: Instant): readonly string[] {
  const days: string[] = [];
  for (let day = Date.parse(first); day < Date.parse(to); day += DAY) days.push(instantOf(day).slice(0, 10));
  return days;
}
