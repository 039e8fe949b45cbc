import { describe, expect, it } from 'vitest';
import { aCostWorld, expectAtMost, FOLDER_KNOWN, FOLDER_UNKNOWN } from '../fakes/costs.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { users } from '../fakes/storms.ts';
import { aLicense, aUserCard, aWorld } from '../fakes/world.ts';

const known = () => ({
  cardHints: new Map(users(100).map((user) => [`acme ${user}`, { folderId: 'finance', access: 'write' as const }])),
  vacancyHints: new Set<string>(),
});

describe('what an allocating login costs', { timeout: 60_000 }, () => {
  it.each([100, 10_000])(
    '2 rounds and 4 calls when the folder is known, 3 when it is not, with %i licenses',
    async (pool) => {
      const { counted } = await aCostWorld(memoryTable(), pool, 100);

      const memory = { cardHints: new Map(), vacancyHints: new Set<string>() };
      expectAtMost(await counted('user-0', memory), FOLDER_UNKNOWN);
      for (const user of users(20).slice(1))
        expectAtMost(await counted(user, { ...memory, ...known(), vacancyHints: memory.vacancyHints }), FOLDER_KNOWN);
    },
  );

  it('no more while the folder runs empty, down to its last license', async () => {
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

  it('nothing is written for an activity shortly after the last one', async () => {
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
