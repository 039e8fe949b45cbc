import { holds, type Value } from '../../shared/licensing/clause.ts';
import type {
  IndexRange,
  Item,
  Key,
  Range,
  Table,
  Write,
  WriteAnswer,
  WriteRefusal,
} from '../../shared/platform/ports/table.ts';
import { targetOf } from '../../shared/platform/ports/table.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { updatedItem } from '../../shared/store/updated-item.ts';
import { sizeOf } from '../simulation/item-units.ts';
import {
  demandCallSize,
  demandGroup,
  demandKey,
  demandPlace,
  demandRange,
  demandResults,
  demandWrites,
} from './table-limits.ts';

export type MemoryTable = Table & {
  /** Everything that is stored; only for looking on. */
  readonly items: () => readonly Item[];
  /** One of them as it is stored, not a copy. */
  readonly peek: (key: Key) => Item | undefined;
};

/** The sort keys in order beside the items: pools of 100,000 licenses are queried as well. */
type Partition = { readonly items: Map<string, Item>; readonly sorted: string[] };

/**
 * A table in memory that obeys the rules the service relies on; one contract suite runs on it and on the real engine.
 */
export function memoryTable(): MemoryTable {
  const partitions = new Map<string, Partition>();
  const at = ({ pk, sk }: Key): Item | undefined => partitions.get(pk)?.items.get(sk);
  const items = (): readonly Item[] => [...partitions.values()].flatMap((partition) => [...partition.items.values()]);
  /** What stands in an index's partition, in order, until something is written: lists of 100,000 are paged as well. */
  const listed = new Map<string, readonly Item[]>();

  const store = ({ pk, sk }: Key, item: Item | undefined): void => {
    listed.clear();
    const partition = partitions.get(pk) ?? { items: new Map<string, Item>(), sorted: [] };
    partitions.set(pk, partition);
    const place = firstNotBelow(partition.sorted, sk);
    if (item === undefined) {
      if (partition.items.delete(sk)) partition.sorted.splice(place, 1);
    } else {
      if (!partition.items.has(sk)) partition.sorted.splice(place, 0, sk);
      partition.items.set(sk, item);
    }
  };

  const write = (writes: readonly Write[]): WriteAnswer => {
    demandWrites(writes);
    const targets = writes.map(targetOf);
    const refusals = writes.map((one, index): WriteRefusal | undefined => {
      const item = at(targets[index]!);
      return holds(one.onlyIf ?? [], item) ? undefined : { because: 'condition', item };
    });
    if (refusals.some((refusal) => refusal !== undefined)) return { done: false, refusals };
    const results = writes.map((one, index) => resultOf(one, at(targets[index]!)));
    demandResults(results);
    results.forEach((result, index) => {
      store(targets[index]!, result);
    });
    return { done: true };
  };

  const query = ({ pk, from = ' ', to = '~', descending = false, limit = Number.POSITIVE_INFINITY }: Range) => {
    demandRange(pk, from, to, limit);
    demandOrder(from, to);
    const { items: stored, sorted } = partitions.get(pk) ?? { items: new Map<string, Item>(), sorted: [] };
    const page: Item[] = [];
    let place = descending ? firstNotBelow(sorted, `${to}\u0000`) - 1 : firstNotBelow(sorted, from);
    while (page.length < limit) {
      const sk = sorted[place];
      if (sk === undefined || !isBetween(sk, from, to)) break;
      page.push(stored.get(sk)!);
      place += descending ? -1 : 1;
    }
    return { items: structuredClone(page), more: page.length === limit };
  };

  const list = (index: keyof typeof TABLE.indexes, range: IndexRange) => {
    const { partitionKey, sortKey } = TABLE.indexes[index];
    const {
      partition,
      from = '\u0000',
      to = '\u{10FFFF}',
      descending = false,
      limit = Number.POSITIVE_INFINITY,
    } = range;
    demandRange(partition, from, to, limit);
    demandOrder(from, to);
    const sortOf = (item: { readonly [name: string]: Value }): string => `${item[sortKey]}`;
    const placeOf = (item: Item): readonly string[] => [sortOf(item), item.pk, item.sk];
    const after = range.after as Item | undefined;
    if (after !== undefined) demandPlace(index, after);
    const name = `${index} ${partition}`;
    const all =
      listed.get(name) ??
      items()
        .filter((item) => item[partitionKey] === partition && item[sortKey] !== undefined)
        .toSorted((one, other) => compared(placeOf(one), placeOf(other)));
    listed.set(name, all);
    const found = all.filter(
      (item) =>
        isBetween(sortOf(item), from, to) &&
        (after === undefined || compared(placeOf(item), placeOf(after)) * (descending ? -1 : 1) > 0),
    );
    const page = (descending ? found.toReversed() : found).slice(0, limit);
    const keys = page.map(({ pk, sk }) => ({ pk, sk }));
    const last = page.at(-1);
    if (last === undefined || page.length < limit) return { keys };
    return { keys, next: { pk: last.pk, sk: last.sk, [partitionKey]: partition, [sortKey]: sortOf(last) } };
  };

  return {
    get: async (key) => structuredClone(at(demandKey(key))),
    getMany: async (keys) => keys.map((key) => structuredClone(at(demandKey(key)))),
    getAtOnce: async (keys) => {
      demandGroup(keys);
      const found = keys.map((key) => at(demandKey(key)));
      demandCallSize(found.map(sizeOf));
      return structuredClone(found);
    },
    query: async (range) => query(range),
    list: async (index, range) => list(index, range),
    write: async (writes) => structuredClone(write(writes)),
    items,
    peek: at,
  };
}

/** What the item is after the write; undefined: gone. */
function resultOf(write: Write, item: Item | undefined): Item | undefined {
  if ('put' in write) return structuredClone(write.put);
  if ('delete' in write) return undefined;
  return 'update' in write ? updatedItem(item ?? write.update, write) : item;
}

function firstNotBelow(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comparedTexts(sorted[middle]!, text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compared(one: readonly string[], other: readonly string[]): number {
  for (const [index, text] of one.entries()) {
    const order = comparedTexts(text, other[index]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Texts are ordered by their UTF-8 bytes, as the engine orders keys: not by JavaScript's units, where pairs begin. */
function comparedTexts(one: string, other: string): number {
  if (one === other) return 0;
  const order = one < other ? -1 : 1;
  return PAIRED.test(one) || PAIRED.test(other) ? Buffer.compare(Buffer.from(one), Buffer.from(other)) : order;
}

const PAIRED = /[\ud800-\udfff]/;

function isBetween(text: string, from: string, to: string): boolean {
  return comparedTexts(text, from) >= 0 && comparedTexts(text, to) <= 0;
}

function demandOrder(from: string, to: string): void {
  if (comparedTexts(from, to) > 0) throw new Error('a range ends before it begins');
}
