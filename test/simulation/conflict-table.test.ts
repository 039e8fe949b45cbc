import { describe, expect, it } from 'vitest';
import { absent, present } from '../../shared/licensing/clause.ts';
import type { Key } from '../../shared/platform/ports/table.ts';
import { tableContract } from '../contracts/table.contract.ts';
import { CallFailed, type ConflictFacts, conflictTable } from './conflict-table.ts';
import { virtualTime } from './virtual-time.ts';

tableContract(
  'in the conflict simulator, in virtual time',
  async () => conflictTable({ time: virtualTime(), seed: 1, indexLag: 0 }).table,
);

const A: Key = { pk: 'A', sk: 'ITEM' };
const B: Key = { pk: 'B', sk: 'ITEM' };
const BOTH = [
  { put: { ...A, one: 1 }, onlyIf: [absent('pk')] },
  { put: { ...B, one: 1 }, onlyIf: [absent('pk')] },
];

function aTable(facts: Partial<ConflictFacts> = {}) {
  const time = virtualTime();
  return { time, ...conflictTable({ time, seed: 1, ...facts }) };
}

describe('the conflict simulator, beyond the contract', () => {
  it('refuses a transaction and a plain write on an item that a transaction has locked', async () => {
    const { table, time } = aTable();

    const first = table.write(BOTH);
    await time.sleep(2);
    const [won, second, plain] = await Promise.all([
      first,
      table.write([{ put: { ...A, two: 2 } }, { put: { pk: 'C', sk: 'ITEM' } }]),
      table.write([{ put: { ...B, two: 2 } }]),
    ]);

    expect(won).toEqual({ done: true });
    expect(second).toEqual({ done: false, refusals: [{ because: 'conflict' }, undefined] });
    expect(plain).toEqual({ done: false, refusals: [{ because: 'conflict' }] });
  });

  it('locks the items of a refused transaction for a while', async () => {
    const { table, time } = aTable();
    await table.write([{ put: { ...A, one: 1 } }]);

    const refused = table.write(BOTH);
    await time.sleep(2);
    expect(await table.write([{ put: { ...B, two: 2 } }])).toMatchObject({ done: false });
    expect(await refused).toMatchObject({ refusals: [{ because: 'condition', item: { ...A, one: 1 } }, undefined] });
    expect(await table.write([{ put: { ...B, two: 2 } }])).toEqual({ done: true });
  });

  it('shows the items of a transaction one after the other, and all of them before its answer', async () => {
    const halves = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1) {
      const { table, time } = aTable({ seed });
      const writing = table.write(BOTH);
      const looks = Array.from({ length: 60 }, async (_, at) => {
        await time.sleep(at / 4);
        const [a, b] = await table.getMany([A, B]);
        halves.add(`${a === undefined ? '-' : 'A'}${b === undefined ? '-' : 'B'}`);
      });
      await Promise.all([writing, ...looks]);
      expect(await table.getMany([A, B])).not.toContain(undefined);
    }
    expect([...halves].toSorted()).toEqual(['--', 'A-', 'AB']);
  });

  it('lets an index lag behind', async () => {
    const { table, time } = aTable({ indexLag: 400 });
    await table.write([{ put: { ...A, tenantKey: 'T', tenantSort: '1' } }]);

    expect((await table.list('by-tenant', { partition: 'T' })).keys).toEqual([]);
    await time.sleep(2_000);
    expect((await table.list('by-tenant', { partition: 'T' })).keys).toEqual([A]);
  });

  it('loses an answer after the write took effect', async () => {
    const { table, setFaults } = aTable({ faults: { lost: 1_000 } });

    await expect(table.write(BOTH)).rejects.toThrow(CallFailed);
    setFaults({});
    expect(await table.getMany([A, B])).not.toContain(undefined);
  });

  it('lets a write take effect after the client gave up', async () => {
    const { table, time, setFaults } = aTable({ faults: { late: 1_000 } });

    await expect(table.write(BOTH)).rejects.toThrow(CallFailed);
    setFaults({});
    await time.sleep(1_000);
    expect(await table.getMany([A, B])).not.toContain(undefined);
  });

  it('judges a repeated write again, but recognizes a repeated transaction', async () => {
    const { table } = aTable({ faults: { resent: 1_000 } });

    expect(await table.write([{ put: A, onlyIf: [absent('pk')] }])).toMatchObject({ done: false });
    expect(
      await table.write([
        { check: A, onlyIf: [present('pk')] },
        { put: B, onlyIf: [absent('pk')] },
      ]),
    ).toEqual({
      done: true,
    });
  });

  it('throttles: calls wait and may fail, a transaction is refused', async () => {
    const { table, time } = aTable({ faults: { throttled: 1_000 } });

    const start = time.now();
    const reads = await Promise.allSettled(Array.from({ length: 40 }, () => table.get(A)));
    expect(time.now() - start).toBeGreaterThan(60);
    expect(reads.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(2);
    expect(await table.write(BOTH)).toMatchObject({ done: false, refusals: [{ because: 'conflict' }, {}] });
  });

  it('counts what calls consume', async () => {
    const { tableFor } = aTable();
    const units = { read: 0, write: 0, indexWrite: 0 };
    const table = tableFor(units);

    await table.write([{ put: { ...A, tenantKey: 'T', tenantSort: '1', text: 'x'.repeat(1_024) } }, { put: B }]);
    await table.get(A);
    await table.query({ pk: 'none' });

    expect(units).toEqual({ read: 2, write: 6, indexWrite: 1 });
  });

  it('has the same result with the same seed', async () => {
    const run = async (seed: number) => {
      const { table, time } = aTable({ seed, faults: { lost: 100, late: 100, resent: 100, throttled: 100 } });
      const ends = Array.from({ length: 50 }, async (_, index) => {
        const key = { pk: `${index % 3}`, sk: 'ITEM' };
        const write = table.write([{ put: { ...key, index } }, { put: { pk: `${index % 7}`, sk: 'X' } }]);
        return `${(await write.catch(() => ({ done: 'failed' }))).done} ${time.now()}`;
      });
      return Promise.all(ends);
    };

    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual(await run(8));
  });
});
