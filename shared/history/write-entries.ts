import { asRead, type Clause } from '../licensing/clause.ts';
import { type HistoryEntry, peopleIn, timeOf, withPseudonym } from '../licensing/history/history.ts';
import { TryAgain } from '../platform/errors.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item, Key, Table, Write } from '../platform/ports/table.ts';
import { type Erasure, readErasures } from '../store/erasures.ts';
import { entryItem, entryKey, entrySortKey, historyEntryOf, pointerItem } from '../store/history-items.ts';
import { personHistoryKey, tenantDayKey } from '../store/keys.ts';

export type HistoryDeps = { readonly table: Table; readonly keyedHash: KeyedHash };

/**
 * Writes an entry, with pointers from the history of its day and of its people. Everything follows from the entry
 * alone, so writing it again changes nothing.
 */
export async function writeEntry({ table, keyedHash }: HistoryDeps, entry: HistoryEntry): Promise<void> {
  const sortKey = await entrySortKey(keyedHash, entry);
  await Promise.all(entryWrites(entry, sortKey).map((write) => table.write([write])));
}

/**
 * Removes the names of erased users from an entry that was just written. An erasure marks the user first and then goes
 * through the entries, so at least one of the two sees the other.
 */
export async function eraseNames(deps: HistoryDeps, entry: HistoryEntry): Promise<void> {
  const people = peopleIn(entry);
  const { tenant } = entry;
  const sortKey = await entrySortKey(deps.keyedHash, entry);
  const key = entryKey(entry, sortKey);
  const marks = await readErasures(deps, tenant, people);
  for (const [index, user] of people.entries()) {
    const mark = marks[index]?.found;
    if (mark !== undefined) await eraseName(deps.table, { tenant, key, sortKey }, user, mark);
  }
}

/** How often a concurrent erasure of another user may interfere. */
const TRIES = 10;

/**
 * Replaces a user by a pseudonym in one entry, and in its pointer from their history. An entry later than the erasure
 * belongs to somebody else.
 */
export async function eraseName(
  table: Table,
  { tenant, key, sortKey }: { readonly tenant: string; readonly key: Key; readonly sortKey: string },
  user: string,
  { pseudonym, erasedAt }: Erasure,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const item = await table.get(key);
    if (item === undefined) return;
    const entry = historyEntryOf(item);
    if (timeOf(entry) > erasedAt) return;
    const erased = entryItem(withPseudonym(entry, user, pseudonym), key);
    const { done } = await table.write([
      { put: erased, onlyIf: asStored(item) },
      { put: pointerItem(personHistoryKey(tenant, pseudonym, sortKey), key) },
      { delete: personHistoryKey(tenant, user, sortKey) },
    ]);
    if (done) return;
  }
  throw new TryAgain('others were changing the same entry of the history');
}

const NAMING = ['before', 'after', 'change', 'user'] as const;

function asStored(item: Item): readonly Clause[] {
  return NAMING.map((name) => asRead(name, item[name]));
}

function entryWrites(entry: HistoryEntry, sortKey: string): readonly Write[] {
  const key = entryKey(entry, sortKey);
  const ofDay = tenantDayKey(entry.tenant, sortKey);
  return [
    { put: entryItem(entry, key) },
    ...(ofDay.pk === key.pk ? [] : [{ put: pointerItem(ofDay, key) }]),
    ...peopleIn(entry).map((user) => ({ put: pointerItem(personHistoryKey(entry.tenant, user, sortKey), key) })),
  ];
}
