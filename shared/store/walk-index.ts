import type { Item, Key, Table } from '../platform/ports/table.ts';
import type { IndexName } from '../platform/ports/table-definition.ts';

const PAGE = 500;

/**
 * Yields every item of an index's partition as it is now, a page at a time, so that no caller holds a whole tenant in
 * memory.
 */
export async function* walkIndex(table: Table, index: IndexName, partition: string): AsyncGenerator<readonly Item[]> {
  let after: Key | undefined;
  do {
    const page = await table.list(index, { partition, limit: PAGE, after });
    yield (await table.getMany(page.keys)).flatMap((item) => item ?? []);
    after = page.next;
  } while (after !== undefined);
}
