import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../functions/record-history/record-history.ts';
import type { License } from '../../shared/licensing/license/license.ts';
import type { PoolEntry } from '../../shared/licensing/license/pool-counts.ts';
import { DAY, epochSeconds, plus } from '../../shared/licensing/time.ts';
import { licenseItem } from '../../shared/store/items.ts';
import { licenseKey, poolEntryKey } from '../../shared/store/keys.ts';
import { correctPoolEntries, poolEntryWrite, readPoolEntries } from '../../shared/store/pool-entries.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { streamedTable } from '../fakes/streamed-table.ts';
import { aLicense, fixedClock, keyedHash, NOW } from '../fakes/world.ts';
import { interruptedTable, wrappedTable } from '../fakes/wrapped-table.ts';

const FREE = aLicense({ serialNumber: 'F1', version: 1 });
const USED: License = { ...FREE, version: 2, currentUser: 'ada', since: NOW };
const BACK: License = { ...FREE, version: 3 };
const DELETED: License = { ...FREE, version: 4, deletedAt: NOW };
const LIFE = [FREE, USED, BACK, DELETED];

const writeOf = (license: License) => poolEntryWrite({ ...license, after: license });

async function entriesOf(table: Parameters<typeof readPoolEntries>[0], tenant = 'acme'): Promise<PoolEntry[]> {
  const entries: PoolEntry[] = [];
  await readPoolEntries(table, tenant, (entry) => entries.push(entry));
  return entries;
}

describe('the entry of a license in its pool', () => {
  it.each([
    ['in order', [0, 1, 2, 3]],
    ['twice', [0, 0, 1, 1, 2, 2, 3, 3]],
    ['in reverse', [3, 2, 1, 0]],
    ['again from the beginning', [0, 1, 2, 3, 0, 1, 2, 3]],
  ])('is that of the latest version when changes come %s', async (_how, order) => {
    const table = memoryTable();
    for (const index of order) {
      await table.write([writeOf(LIFE[index]!)]);
    }

    expect(await entriesOf(table)).toEqual([
      {
        serialNumber: 'F1',
        type: 'floating',
        access: 'write',
        modules: 'all',
        folderId: 'root',
        validFrom: '2026-01-15',
        expiresOn: '2027-01-14',
        version: 4,
        state: 'deleted',
      },
    ]);
  });

  it('names nobody, and stays for 30 days after a deletion, until which a late record may come', async () => {
    const table = memoryTable();
    const key = poolEntryKey('acme', 'F1');
    await table.write([writeOf({ ...USED, assignedTo: 'ada' })]);
    expect(JSON.stringify(table.peek(key))).not.toContain('ada');
    expect(table.peek(key)).not.toHaveProperty('ttl');

    await table.write([writeOf(DELETED)]);
    expect(table.peek(key)).toMatchObject({ ttl: epochSeconds(plus(NOW, 30 * DAY)) });

    await table.write([writeOf({ ...FREE, version: 5 })]);
    expect(table.peek(key)).toMatchObject({ state: 'free' });
    expect(table.peek(key)).not.toHaveProperty('ttl');
  });

  it('is read whatever the serial number is, and only for its own tenant', async () => {
    const table = memoryTable();
    const serials = ['!', '~~', 'ä', '\u{1F600}', ...Array.from({ length: 40 }, (_, index) => `A${index}`)];
    await table.write(serials.map((serialNumber) => writeOf({ ...FREE, serialNumber })));
    await table.write([writeOf({ ...FREE, tenant: 'other', serialNumber: 'B1' })]);

    expect((await entriesOf(table)).map(({ serialNumber }) => serialNumber).toSorted()).toEqual(serials.toSorted());
  });

  it('is written when the stream delivers a failed record again', async () => {
    const table = streamedTable();
    for (const license of [FREE, USED]) await table.write([{ put: licenseItem(license) }]);
    let isDown = true;
    const failing = {
      ...table,
      write: async (writes: Parameters<typeof table.write>[0]) => {
        const isEntry = writes.some((write) => 'put' in write && write.put.pk.startsWith('POOL#'));
        if (isDown && isEntry) throw new Error('down');
        return table.write(writes);
      },
    };
    const records = table.records.slice(0, 2);
    const record = () => recordHistory({ table: failing, keyedHash, clock: fixedClock(), log: () => {} }, records);

    expect((await record()).batchItemFailures).toHaveLength(2);
    expect(await entriesOf(table)).toEqual([]);
    isDown = false;
    expect((await record()).batchItemFailures).toEqual([]);
    expect(await entriesOf(table)).toMatchObject([{ version: 2, state: 'in-use' }]);
  });
});

describe('the correction of entries', () => {
  const stored = async (...licenses: readonly License[]) => {
    const table = memoryTable();
    await table.write(licenses.map((license) => ({ put: licenseItem(license) })));
    return table;
  };

  it('writes what is missing, behind or different, and leaves the rest', async () => {
    const fine = { ...FREE, serialNumber: 'FINE' };
    const behind = { ...USED, serialNumber: 'BEHIND' };
    const gone = { ...DELETED, serialNumber: 'GONE' };
    const different = { ...FREE, serialNumber: 'DIFFERENT' };
    const table = await stored(fine, behind, gone, different, { ...FREE, serialNumber: 'MISSING' });
    await table.write([
      writeOf(fine),
      writeOf({ ...FREE, serialNumber: 'BEHIND' }),
      writeOf({ ...BACK, serialNumber: 'GONE' }),
      writeOf({ ...different, folderId: 'sales' }),
    ]);

    expect(await correctPoolEntries(table, 'acme')).toBe(4);

    const states = (await entriesOf(table)).map(({ serialNumber, state, folderId }) => [serialNumber, state, folderId]);
    expect(states.toSorted()).toEqual([
      ['BEHIND', 'in-use', 'root'],
      ['DIFFERENT', 'free', 'root'],
      ['FINE', 'free', 'root'],
      ['GONE', 'deleted', 'root'],
      ['MISSING', 'free', 'root'],
    ]);
    expect(await correctPoolEntries(table, 'acme')).toBe(0);
  });

  it('needs no entry of a license that was deleted long ago', async () => {
    expect(await correctPoolEntries(await stored(DELETED), 'acme')).toBe(0);
  });

  it('does not replace an entry that a concurrent change has overtaken', async () => {
    const table = await stored(FREE);
    const isEntry = ({ length }: readonly unknown[]) => length === 1;
    const racing = interruptedTable(table, isEntry, async () => {
      await table.write([{ put: licenseItem(USED) }]);
      await table.write([writeOf(USED)]);
    });

    expect(await correctPoolEntries(racing, 'acme')).toBe(0);
    expect(await entriesOf(table)).toMatchObject([{ version: 2, state: 'in-use' }]);
    expect(table.peek(licenseKey('acme', 'F1'))).toMatchObject({ currentUser: 'ada' });
  });

  it('leaves an entry that is ahead of the license as it was read', async () => {
    const table = await stored(FREE);
    const racing = wrappedTable(table, async (name, call) => {
      const answer = await call();
      if (name === 'getMany') await table.write([writeOf(USED)]);
      return answer;
    });

    expect(await correctPoolEntries(racing, 'acme')).toBe(0);
    expect(await entriesOf(table)).toMatchObject([{ version: 2 }]);
  });
});
