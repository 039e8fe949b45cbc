import { expect, it } from 'vitest';
import type { PoolNotice } from '../../shared/licensing/license/pool.ts';
import { poolNoticeWrite, readPoolNotice } from '../../shared/store/pool-notice.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { NOW } from '../fakes/world.ts';

const POOL = { tenant: 'acme', folderId: 'finance', access: 'write', type: 'floating' } as const;

function aNotice(version: number, facts: Partial<PoolNotice>): PoolNotice {
  return { ...POOL, free: 1, version, change: { actor: 'publish-events', cause: 'login', at: NOW }, ...facts };
}

it('reports a pool once when two processes read the same state (F14)', async () => {
  const table = memoryTable();
  const write = async (notice: PoolNotice, before: PoolNotice | undefined): Promise<boolean> =>
    (await table.write([poolNoticeWrite(notice, before)])).done;
  const low = aNotice(1, { lowOn: '2026-03-02' });
  const exhausted = aNotice(2, { free: 0, exhaustedOn: '2026-03-02' });

  expect(await write(low, undefined)).toBe(true);
  expect(await write({ ...low, free: 0 }, undefined)).toBe(false);
  expect(await write(exhausted, low)).toBe(true);
  expect(await write({ ...exhausted, free: 1 }, low)).toBe(false);

  expect(await readPoolNotice(table, POOL)).toEqual(exhausted);
});
