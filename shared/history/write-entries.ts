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
 * Writes an entry with its places in the history of its day and of its people. Everything in it follows from the entry
 * alone, so that writing it again changes nothing.
 */
export async function writeEntry({ table, keyedHash }: HistoryDeps, entry: HistoryEntry): Promise<void> {
  const place = await placeOf(keyedHash, entry);
  await Promise.all(entryWrites(entry, place).map((write) => table.write([write])));
}

/**
 * Takes the names of erased users out of an entry that was just written. Who erases marks the user first and then goes
 * through what is there: of the two, at least one sees the other.
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

/** Somebody else erases another user from the same entry at most so often. */
const TRIES = 10;

/** Replaces a user in one entry and in the place that it has in their history; what is later than the erasure is not theirs. */
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
