import type { Clause, Path, Value } from '../../licensing/clause.ts';
import type { IndexName } from './table-definition.ts';

/** The key of an item. Only `keys.ts` makes keys, each from a tenant. */
export type Key = { readonly pk: string; readonly sk: string };

export type Item = Key & { readonly [name: string]: Value };

/** One change of one item. It is made only if every clause holds of the item at that moment. */
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
 * Why one write of a refused group was not made: its condition did not hold of `item` (the item as it is, undefined
 * when it does not exist), or a concurrent write was under way on the item.
 */
export type WriteRefusal =
  | { readonly because: 'condition'; readonly item: Item | undefined }
  | { readonly because: 'conflict' };

export type WriteAnswer =
  | { readonly done: true }
  /** By the position of the write. Undefined for a write that was not itself refused. */
  | { readonly done: false; readonly refusals: readonly (WriteRefusal | undefined)[] };

export type Range = {
  readonly pk: string;
  /** The first and the last sort key, both inclusive. */
  readonly from?: string;
  readonly to?: string;
  readonly descending?: boolean;
  readonly limit?: number;
};

export type IndexRange = Omit<Range, 'pk'> & { readonly partition: string; readonly after?: Key | undefined };

/**
 * The table as the service uses it. Reads are strongly consistent, except `list`: its indexes lag, so nothing is
 * decided on them. Faults of DynamoDB (throttling beyond the client's retries, no connection) are thrown.
 */
export type Table = {
  readonly get: (key: Key) => Promise<Item | undefined>;
  /** Reads any number of keys, and returns the items in their order. */
  readonly getMany: (keys: readonly Key[]) => Promise<readonly (Item | undefined)[]>;
  /**
   * Reads at most 100 keys as all of them were at one moment. Returns undefined when a write was under way on one of
   * them.
   */
  readonly getAtOnce: (keys: readonly Key[]) => Promise<readonly (Item | undefined)[] | undefined>;
  /** Reads one page. `more` is set when the partition may hold further items behind the last one. */
  readonly query: (range: Range) => Promise<{ readonly items: readonly Item[]; readonly more: boolean }>;
  /** Reads the keys of one page of an index, and the key after which the next page begins. */
  readonly list: (
    index: IndexName,
    range: IndexRange,
  ) => Promise<{ readonly keys: readonly Key[]; readonly next?: Key }>;
  /**
   * Makes all of the writes or none: at most 100, and no two on the same item. Throws `ItemTooLarge` when an item would
   * become too large.
   */
  readonly write: (writes: readonly Write[]) => Promise<WriteAnswer>;
};

/** The most bytes of one item, including its attribute names. */
export const MOST_ITEM_BYTES = 400 * 1_024;

/** A write would make an item larger than DynamoDB allows. None of the writes of its call was made. */
export class ItemTooLarge extends Error {
  override readonly name = 'ItemTooLarge';
}

/** The most writes of one call, and the most keys that are read at once. */
export const MAX_WRITES = 100;

/**
 * Returns the key of the item that a write changes, without other attributes, which DynamoDB does not accept in a key.
 */
export function targetOf(write: Write): Key {
  if ('put' in write) return { pk: write.put.pk, sk: write.put.sk };
  if ('update' in write) return write.update;
  return 'delete' in write ? write.delete : write.check;
}
