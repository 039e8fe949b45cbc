import { asRead, type Clause } from '../licensing/clause.ts';
import { type HistoryEntry, peopleIn, timeOf, withPseudonym } from '../licensing/history/history.ts';
import { TryAgain } from '../platform/errors.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item, Key, Table, Write } from '../platform/ports/table.ts';
import { type Erasure, readErasures } from '../store/erasures.ts';
import { entryItem, entryKey, entryOf, placeOf, pointerItem } from '../store/history-items.ts';
import { personHistoryKey, tenantDayKey } from '../store/keys.ts';

export type HistoryDeps = { readonly table: Table; readonly keyedHash: KeyedHash };

/**
 * Writes an entry, with pointers from the history of its day and of its people. Everything follows from the entry
 * alone, so writing it again changes nothing.
 */
export async function writeEntry({ table, keyedHash }: HistoryDeps, entry: HistoryEntry): Promise<void> {
  const place = await placeOf(keyedHash, entry);
  await Promise.all(entryWrites(entry, place).map((write) => table.write([write])));
}

/**
 * Removes the names of erased users from an entry that was just written. An erasure marks the user first and then goes
 * through the entries, so at least one of the two sees the other.
 */
export async function eraseNames(deps: HistoryDeps, entry: HistoryEntry): Promise<void> {
  const people = peopleIn(entry);
  const { tenant } = entry;
  const place = await placeOf(deps.keyedHash, entry);
  const key = entryKey(entry, place);
  const marks = await readErasures(deps, tenant, people);
  for (const [index, user] of people.entries()) {
    const mark = marks[index]?.found;
    if (mark !== undefined) await eraseName(deps.table, { tenant, key, place }, user, mark);
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
  { tenant, key, place }: { readonly tenant: string; readonly key: Key; readonly place: string },
  user: string,
  { pseudonym, erasedAt }: Erasure,
): Promise<void> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const item = await table.get(key);
    if (item === undefined) return;
    const entry = entryOf(item);
    if (timeOf(entry) > erasedAt) return;
    const erased = entryItem(withPseudonym(entry, user, pseudonym), key);
    const { done } = await table.write([
      { put: erased, onlyIf: asStored(item) },
      { put: pointerItem(personHistoryKey(tenant, pseudonym, place), key) },
      { delete: personHistoryKey(tenant, user, place) },
    ]);
    if (done) return;
  }
  throw new TryAgain('others were changing the same entry of the history');
}

const NAMING = ['before', 'after', 'change', 'user'] as const;

function asStored(item: Item): readonly Clause[] {
  return NAMING.map((name) => asRead(name, item[name]));
}

function entryWrites(entry: HistoryEntry, place: string): readonly Write[] {
  const key = entryKey(entry, place);
  const ofDay = tenantDayKey(entry.tenant, place);
  return [
    { put: entryItem(entry, key) },
    ...(ofDay.pk === key.pk ? [] : [{ put: pointerItem(ofDay, key) }]),
    ...peopleIn(entry).map((user) => ({ put: pointerItem(personHistoryKey(entry.tenant, user, place), key) })),
  ];
}
