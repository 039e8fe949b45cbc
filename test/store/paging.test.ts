import { expect, test } from 'vitest';
import { readKeys, walkIndex, walkPartition } from '../../shared/store/paging.ts';
import { memoryTable } from '../fakes/memory-table.ts';

test('paging through a partition reads each item of its range once and in order', async () => {
  const table = memoryTable();
  for (const sk of ['a', 'a b', 'b', 'c']) await table.write([{ put: { pk: 'P', sk } }]);

  const pages = await collect(walkPartition(table, { pk: 'P', to: 'b', limit: 1 }));

  expect(pages.map((items) => items.map(({ sk }) => sk))).toEqual([['a'], ['a b'], ['b']]);
});

test('paging through an index continues to the last page', async () => {
  const table = memoryTable();
  const keys = Array.from({ length: 1_201 }, (_, number) => ({ pk: `P${String(number).padStart(4, '0')}`, sk: 'S' }));
  for (const key of keys) await table.write([{ put: { ...key, tenantKey: 'T', tenantSort: key.pk } }]);

  const pages = await collect(walkIndex(table, 'by-tenant', 'T'));

  expect(pages.map((items) => items.length)).toEqual([500, 500, 201]);
  expect(await readKeys(table, 'by-tenant', { partition: 'T', limit: 7 })).toEqual(keys);
});

async function collect<Page>(pages: AsyncIterable<Page>): Promise<readonly Page[]> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return all;
}
