import type { Clause, Path, Value } from '../../licensing/clause.ts';
import type { IndexName } from './table-definition.ts';

/** Made by `keys.ts` alone, each from a tenant. */
export type Key = { readonly pk: string; readonly sk: string };

export type Item = Key & { readonly [name: string]: Value };

/** One change of one item, made only if every clause holds of the item as it then is. */
export type Write =
  | { readonly put: Item; readonly onlyIf?: readonly Clause[] }
  | {
      readonly update: Key;
      readonly set?: readonly (readonly [path: Path, value: Value])[];
      readonly remove?: readonly Path[];
      readonly add?: readonly (readonly [attribute: string, amount: number])[];
      readonly onlyIf: readonly Clause[];
    }
  | { readonly delete: Key; readonly onlyIf?: readonly Clause[] }
  | { readonly check: Key; readonly onlyIf: readonly Clause[] };

/**
 * Why one write of a refused group was not made: its condition did not hold of `item` (as it is; undefined when there
 * is none), or another write was under way on it.
 */
export type Refusal =
  | { readonly because: 'condition'; readonly item: Item | undefined }
  | { readonly because: 'conflict' };

export type WriteAnswer =
  | { readonly done: true }
  /** By the position of the write; undefined for one that would have been made. */
  | { readonly done: false; readonly refusals: readonly (Refusal | undefined)[] };

export type Range = {
  readonly pk: string;
  /** First and last sort key, inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly descending?: boolean;
  readonly limit?: number;
};

export type IndexRange = Omit<Range, 'pk'> & { readonly partition: string; readonly after?: Key | undefined };

/**
 * The table as the service uses it. Reads are strong, but for `list`, whose indexes lag: nothing is decided on it.
 * Faults of the service (throttling beyond the client's retries, no connection) are thrown.
 */
export type Table = {
  readonly get: (key: Key) => Promise<Item | undefined>;
  /** Any number of keys; in their order. */
  readonly getMany: (keys: readonly Key[]) => Promise<readonly (Item | undefined)[]>;
  /** As all of them were at one moment; at most 100 keys. Undefined when a write was under way on one of them. */
  readonly getAtOnce: (keys: readonly Key[]) => Promise<readonly (Item | undefined)[] | undefined>;
  /** One page: `more` when the partition may hold further items behind the last one. */
  readonly query: (range: Range) => Promise<{ readonly items: readonly Item[]; readonly more: boolean }>;
  /** Keys of one page of an index, and where the next page begins. */
  readonly list: (
    index: IndexName,
    range: IndexRange,
  ) => Promise<{ readonly keys: readonly Key[]; readonly next?: Key }>;
  /** All of the writes or none; at most 100, no two on one item. Throws `ItemTooLarge` for an item without room. */
  readonly write: (writes: readonly Write[]) => Promise<WriteAnswer>;
};

/** What one item has room for, its names included. */
export const MOST_ITEM_BYTES = 400 * 1_024;

/** A write would make an item larger than the table keeps: nothing of its call was made. */
export class ItemTooLarge extends Error {
  override readonly name = 'ItemTooLarge';
}

/** The most writes that one call takes, and the most keys that are read at once. */
export const MAX_WRITES = 100;

/** The key of the item that a write is about, and nothing else of it: the table takes no item for a key. */
export function targetOf(write: Write): Key {
  if ('put' in write) return { pk: write.put.pk, sk: write.put.sk };
  if ('update' in write) return write.update;
  return 'delete' in write ? write.delete : write.check;
}
