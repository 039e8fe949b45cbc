import { describe, expect, it } from 'vitest';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { aCostWorld, expectAtMost, FOLDER_KNOWN, FOLDER_UNKNOWN } from '../fakes/cost-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { users } from '../fakes/storms.ts';
import { aLicense, aUserCard, aWorld, fixedClock } from '../fakes/world.ts';

const known = () => ({
  cardHints: new Map(users(100).map((user) => [`acme ${user}`, { folderId: 'finance', access: 'write' as const }])),
  vacancyHints: new Map(),
});

describe('what an allocating login costs', () => {
  it.each([100, 10_000])(
    '2 rounds and 4 calls when the folder is known, 3 when it is not, with %i licenses',
    async (pool) => {
      const { counted } = await aCostWorld(memoryTable(), pool, 100);

      const memory = { cardHints: new Map(), vacancyHints: new Map() };
      expectAtMost(await counted('user-0', memory), FOLDER_UNKNOWN);
      for (const user of users(20).slice(1))
        expectAtMost(await counted(user, { ...memory, ...known(), vacancyHints: memory.vacancyHints }), FOLDER_KNOWN);
    },
  );

  it('3 calls when the folder had enough free licenses, because the root is not read', async () => {
    const { counted } = await aCostWorld(memoryTable(), 100, 20);

    const memory = known();
    await counted('user-0', memory);
    for (const user of users(20).slice(1)) expect(await counted(user, memory)).toMatchObject({ calls: 3, rounds: 2 });
  });

  it('2 rounds also for a new user whose claim names the folder (R11)', async () => {
    const table = memoryTable();
    const { elsewhere } = await aWorld({ table, licenses: [aLicense({ folderId: 'finance' })] });
    const counting = countingTable(table);
    const tenants = cachedTenants(readTenant(table), fixedClock());
    await tenants('acme');

    const { login } = elsewhere({ table: counting.table, readTenant: tenants });
    const receipt = await login('new', { claims: { folder: 'Finance' } });

    expect(receipt).toMatchObject({ outcome: 'allocated', step: 'floating-in-folder' });
    expect(counting.counts).toMatchObject({ calls: 4, rounds: 2 });
  });

  it.each([
    ['the same as before', {}, 'finance'],
    ['another folder', { folder: 'Sales' }, 'sales'],
    ['another access', { access: 'read' }, 'finance'],
    ['a folder that leads nowhere', { folder: 'Salse' }, 'finance'],
    ['no access', { level: 'no-access' }, 'finance'],
  ] as const)(
    '2 rounds and 4 calls also where claims count at each login and say %s',
    async (_what, said, folderId) => {
      const table = memoryTable();
      const { elsewhere, card } = await aWorld({
        table,
        settings: { claims: 'each-login' },
        licenses: [
          aLicense({ serialNumber: 'W', folderId: 'finance' }),
          aLicense({ serialNumber: 'R', folderId: 'finance', access: 'read' }),
          aLicense({ serialNumber: 'S', folderId: 'sales' }),
        ],
        cards: [aUserCard({ name: 'Ada' })],
      });
      const readAll = cachedTenants(readTenant(table), fixedClock());
      await readAll('acme');
      const memory = { cardHints: new Map(), vacancyHints: new Map(), readTenant: readAll };
      const claims = { folder: 'Finance', access: 'write', name: 'Ada L.' } as const;
      const first = elsewhere({ ...memory, table });
      await first.login('ada', { claims });
      await first.logout('ada');
      memory.vacancyHints.clear();
      const counting = countingTable(table);
      const clock = fixedClock('2026-03-02T08:20:00.000Z');

      const receipt = await elsewhere({ ...memory, clock, table: counting.table }).login('ada', {
        session: 's2',
        claims: { ...claims, ...said },
      });

      expect(receipt.outcome).toBe('level' in said ? 'denied' : 'allocated');
      expect(await card('ada')).toMatchObject({ folderId, name: 'Ada L.' });
      expect(counting.counts).toMatchObject({ calls: 4, rounds: 2, writes: 1 });
    },
  );

  it('the same while the folder runs empty, down to its last license', async () => {
    const { counted } = await aCostWorld(memoryTable(), 100, 100);

    const memory = known();
    for (const user of users(100)) expectAtMost(await counted(user, memory), FOLDER_KNOWN);
  });

  it('one write and one round of reads for a second session', async () => {
    const table = memoryTable();
    const { elsewhere, login } = await aWorld({ table, licenses: [aLicense()], cards: [aUserCard()] });
    await login('ada');
    const counting = countingTable(table);

    await elsewhere({ table: counting.table }).login('ada', { session: 's2' });

    expect(counting.counts).toMatchObject({ rounds: 2, writes: 1 });
  });

  it('an activity shortly after the last one writes nothing', async () => {
    const table = memoryTable();
    const { elsewhere, login, clock } = await aWorld({ table, licenses: [aLicense()], cards: [aUserCard()] });
    await login('ada');
    clock.move(5 * 60_000 - 1);
    const counting = countingTable(table);

    await elsewhere({ table: counting.table }).login('ada', { kind: 'activity' });
    expect(counting.counts.writes).toBe(0);

    clock.move(2);
    await elsewhere({ table: counting.table }).login('ada', { kind: 'activity' });
    expect(counting.counts.writes).toBe(1);
  });
});
