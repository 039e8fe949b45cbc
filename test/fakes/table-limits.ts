import { expressionsOf } from '../../shared/aws/expressions.ts';
import type { Clause, Path, Value } from '../../shared/licensing/clause.ts';
import {
  type Item,
  ItemTooLarge,
  type Key,
  MAX_WRITES,
  MOST_ITEM_BYTES,
  targetOf,
  type Write,
} from '../../shared/platform/ports/table.ts';
import { type IndexName, TABLE } from '../../shared/platform/ports/table-definition.ts';
import { sizeOf } from '../simulation/item-units.ts';

/*
 * What DynamoDB refuses whatever the conditions of a call. Index keys that are too long, and texts of that kind in a range, are
 * refused by AWS but not by the local engine.
 */
const MOST_PARTITION_KEY_BYTES = 2_048;
const MOST_SORT_KEY_BYTES = 1_024;
const MOST_CALL_BYTES = 4 * 1_024 * 1_024;
const MOST_EXPRESSION_BYTES = 4_096;
const DEEPEST = 32;
/** Fewer clauses and changes than this always fit into their expressions. */
const FEW = 100;

/** Refuses a key with other attributes than its two, or with a text that cannot be a key. */
export function demandKey(key: Key): Key {
  const others = Object.keys(key).filter((name) => name !== TABLE.partitionKey && name !== TABLE.sortKey);
  if (others.length > 0) throw new Error(`a key has no attribute ${others.join(', ')}`);
  demandKeyText(TABLE.partitionKey, key.pk, MOST_PARTITION_KEY_BYTES);
  demandKeyText(TABLE.sortKey, key.sk, MOST_SORT_KEY_BYTES);
  return key;
}

/** Refuses a range that cannot be asked for. */
export function demandRange(partition: string, from: string, to: string, limit: number): void {
  demandKeyText('the partition', partition, MOST_PARTITION_KEY_BYTES);
  demandKeyText('the beginning', from, MOST_SORT_KEY_BYTES);
  demandKeyText('the end', to, MOST_SORT_KEY_BYTES);
  if (limit < 1) throw new Error('a limit is at least 1');
}

/** Refuses a place of an index at which a page cannot begin. */
export function demandPlace(index: IndexName, { pk, sk, ...others }: Item): void {
  demandItem({ pk, sk, ...others });
  const { partitionKey, sortKey } = TABLE.indexes[index];
  if (Object.keys(others).toSorted().join() !== [partitionKey, sortKey].toSorted().join()) {
    throw new Error('the place is not one of the index');
  }
}

/** Refuses keys that cannot be read or written in one transaction. */
export function demandGroup(keys: readonly Key[]): void {
  if (new Set(keys.map(({ pk, sk }) => `${pk}\n${sk}`)).size !== keys.length) {
    throw new Error('two writes of one call touch the same item');
  }
  if (keys.length > MAX_WRITES) throw new Error(`at most ${MAX_WRITES} writes`);
}

/** Refuses writes that cannot be made in one call. */
export function demandWrites(writes: readonly Write[]): void {
  demandGroup(writes.map(targetOf));
  for (const write of writes) {
    demandClauses(write.onlyIf ?? []);
    if ('put' in write) demandItem(write.put);
    else demandKey(targetOf(write));
    if ('check' in write && write.onlyIf.length === 0) throw new Error('a check has a condition');
    if ('update' in write) demandUpdate(write);
  }
}

/** Refuses what the writes of one call would make of their items. */
export function demandResults(results: readonly (Item | undefined)[]): void {
  const sizes = results.map(sizeOf);
  if (sizes.some((size) => size > MOST_ITEM_BYTES)) throw new ItemTooLarge('the item is too large');
  demandCallSize(sizes);
}

/** Refuses a transaction whose items have more than 4 MB together. */
export function demandCallSize(sizes: readonly number[]): void {
  if (sizes.reduce((sum, size) => sum + size, 0) > MOST_CALL_BYTES) throw new Error('the items have more than 4 MB');
}

function demandItem(item: Item): void {
  demandKey({ pk: item.pk, sk: item.sk });
  demandValue(item, 0);
  for (const { partitionKey, sortKey } of Object.values(TABLE.indexes)) {
    demandIndexKey(partitionKey, item[partitionKey], MOST_PARTITION_KEY_BYTES);
    demandIndexKey(sortKey, item[sortKey], MOST_SORT_KEY_BYTES);
  }
}

function demandUpdate(write: Extract<Write, { readonly update: Key }>): void {
  const { update, set = [], remove = [], add = [], onlyIf } = write;
  const changed = [...set.map(([path]) => path), ...remove, ...add.map(([attribute]) => attribute)];
  demandNoOverlap(changed);
  demandItem({ ...update, ...Object.fromEntries(set.map(([path, value]) => [namesOf(path).join('.'), value])) });
  if (changed.includes('pk') || changed.includes('sk')) throw new Error('an update changes no key');
  if (changed.length + onlyIf.length < FEW) return;
  const { UpdateExpression = '', ConditionExpression = '' } = expressionsOf(write);
  if (Math.max(UpdateExpression.length, ConditionExpression.length) > MOST_EXPRESSION_BYTES) {
    throw new Error(`an expression has more than ${MOST_EXPRESSION_BYTES} bytes`);
  }
}

function demandNoOverlap(paths: readonly Path[]): void {
  const texts = paths.map((path) => JSON.stringify(namesOf(path)).slice(0, -1));
  const all = new Set(texts);
  const isInAnother = paths.some((path) => namesOf(path).some((_, end, names) => isOther(names, end, all)));
  if (all.size !== paths.length || isInAnother) throw new Error('two paths of an update overlap');
}

/** Returns whether the beginning of a path is itself a path of the update. */
function isOther(names: readonly string[], end: number, all: ReadonlySet<string>): boolean {
  return end > 0 && all.has(JSON.stringify(names.slice(0, end)).slice(0, -1));
}

function namesOf(path: Path): readonly string[] {
  return typeof path === 'string' ? [path] : path;
}

function demandClauses(clauses: readonly Clause[]): void {
  for (const clause of clauses) {
    if ('any' in clause) demandClauses(clause.any);
    else for (const one of Object.values(clause)) demandValue(one, 0);
  }
}

function demandValue(value: Value, depth: number): void {
  if (depth > DEEPEST) throw new Error('a value is nested too deeply');
  if (typeof value === 'string' && !value.isWellFormed()) throw new Error('a text has half a surrogate pair');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`the table cannot keep ${value}`);
  if (value === undefined) throw new Error('the table cannot keep a missing value');
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value)) {
    if (!name.isWellFormed()) throw new Error('a name has half a surrogate pair');
    demandValue(one, depth + 1);
  }
}

function demandIndexKey(name: string, value: Value | undefined, most: number): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw new Error(`${name} is not a text`);
  demandKeyText(name, value, most);
}

function demandKeyText(name: string, text: string, most: number): void {
  if (text === '') throw new Error(`${name} is empty`);
  if (!text.isWellFormed()) throw new Error(`${name} has half a surrogate pair`);
  // A unit of UTF-16 has at most three bytes of UTF-8.
  if (text.length * 3 > most && Buffer.byteLength(text) > most) throw new Error(`${name} has more than ${most} bytes`);
}
