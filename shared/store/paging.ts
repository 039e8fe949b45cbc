import { defined } from '../licensing/defined.ts';
import type { IndexRange, Item, Key, Range, Table } from '../platform/ports/table.ts';
import type { IndexName } from '../platform/ports/table-definition.ts';

const PAGE = 500;

/** Yields page after page. `read` gets the `next` of the page before, and a page without `next` is the last one. */
export async function* walkPages<Page extends { readonly next?: Position }, Position = Page['next']>(
  read: (after: Position | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let after: Position | undefined;
  do {
    const page = await read(after);
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** Yields all items of a range of a partition in order, a page at a time. */
export async function* walkPartition(
  table: Table,
  { from, ...range }: Omit<Range, 'descending'>,
): AsyncGenerator<readonly Item[]> {
  const pages = walkPages(async (after: string | undefined) => {
    const begin = after === undefined ? from : sortKeyAfter(after);
    const { items, more } = await table.query(defined({ ...range, from: begin }));
    const last = items.at(-1)?.sk;
    return defined({ items, next: more && last !== range.to ? last : undefined });
  });
  for await (const { items } of pages) yield items;
}

/** Yields all keys of a range of an index in order, a page at a time. */
export async function* walkKeys(
  table: Table,
  index: IndexName,
  range: Omit<IndexRange, 'after'>,
): AsyncGenerator<readonly Key[]> {
  for await (const { keys } of walkPages((after: Key | undefined) => table.list(index, { ...range, after })))
    yield keys;
}

/** Reads all keys of a range of an index. */
export async function readKeys(
  table: Table,
  index: IndexName,
  range: Omit<IndexRange, 'after'>,
): Promise<readonly Key[]> {
  const all: Key[] = [];
  for await (const keys of walkKeys(table, index, range)) all.push(...keys);
  return all;
}

/**
 * Yields every item of an index's partition as it is now, a page at a time, so that no caller holds a whole tenant in
 * memory.
 */
export async function* walkIndex(table: Table, index: IndexName, partition: string): AsyncGenerator<readonly Item[]> {
  for await (const keys of walkKeys(table, index, { partition, limit: PAGE })) {
    yield (await table.getMany(keys)).flatMap((item) => item ?? []);
  }
}

/** Returns the first sort key that a range may begin with to leave out everything up to `sk`. */
export function sortKeyAfter(sk: string): string {
  return `${sk} `;
}
