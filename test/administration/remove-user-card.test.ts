import { describe, expect, it } from 'vitest';
import { plus } from '../../shared/licensing/time.ts';
import type { Write } from '../../shared/platform/ports/table.ts';
import { seededRandom } from '../../shared/platform/random.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { seededTurns, turnTakingClock } from '../fakes/interleaving.ts';
import { violationsOf } from '../fakes/invariants.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { interleavedTable, interruptedTable } from '../fakes/wrapped-table.ts';

const LICENSES = [
  aLicense({ serialNumber: 'F1', folderId: 'finance' }),
  aLicense({ serialNumber: 'D1', type: 'dedicated' }),
  aLicense({ serialNumber: 'D2', type: 'dedicated', modules: 'CMDB' }),
];
const CARDS = [aUserCard(), aUserCard({ user: 'bob' })];

describe('remove-user-card (R47)', () => {
  it('ends the sessions, frees the floating license, releases the dedicated ones and removes the card', async () => {
    const { ask, login, license, card, expectSound } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });
    await login('ada', { session: 's1' });
    await login('ada', { session: 's2' });
    await ask('assign-license', { serialNumber: 'D1', user: 'ada' });
    await ask('assign-license', { serialNumber: 'D2', user: 'ada' });

    const answer = await ask('remove-user-card', { user: 'ada' });

    expect(answer).toEqual({ removed: true, ended: 2, released: ['D1', 'D2'] });
    expect(await card('ada')).toBeUndefined();
    expect(await license('F1')).not.toHaveProperty('currentUser');
    expect(await license('D1')).not.toHaveProperty('assignedTo');
    expect(await license('D1')).toMatchObject({ change: { actor: 'olga', cause: 'remove-user-card' } });
    expect(await ask('get-user-card', { user: 'ada' })).toMatchObject(refusal('unknown-user'));
    await expectSound();
  });

  it('releases also a license that is assigned to the user at the last moment', async () => {
    const table = memoryTable();
    const { ask, deps, license, expectSound } = await aCommandWorld({ table, licenses: LICENSES, cards: CARDS });
    const late = asAdministrator({
      ...deps,
      table: interruptedTable(table, 'write', () => ask('assign-license', { serialNumber: 'D1', user: 'ada' })),
    });

    expect(await late.ask('remove-user-card', { user: 'ada' })).toMatchObject({ removed: true, released: ['D1'] });

    expect(await license('D1')).not.toHaveProperty('assignedTo');
    await expectSound();
  });

  it('releases a dedicated license in use at once, because its sessions have ended', async () => {
    const { ask, login, license, expectSound } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });
    await ask('assign-license', { serialNumber: 'D1', user: 'ada' });
    await login('ada');

    await ask('remove-user-card', { user: 'ada' });

    const { assignedTo, currentUser, releasing } = await license('D1');
    expect([assignedTo, currentUser, releasing]).toEqual([undefined, undefined, undefined]);
    await expectSound();
  });

  it('lets a late login take no license, and treats the user as new later', async () => {
    const { ask, login, clock } = await aCommandWorld({ licenses: LICENSES, cards: CARDS });
    const before = clock.now();
    clock.move(1_000);
    await ask('remove-user-card', { user: 'ada' });

    const late = await login('ada', { at: before });
    const later = await login('ada', { at: plus(clock.now(), 1_000) });

    expect(late).toMatchObject({ outcome: 'denied', reason: 'session-ended' });
    expect(later).toMatchObject({ outcome: 'allocated' });
  });

  it('keeps the mark of a logout that comes in between (R24)', async () => {
    const table = memoryTable();
    const { deps, login, logout, card, clock } = await aCommandWorld({ table, licenses: LICENSES, cards: CARDS });
    const before = clock.now();
    const at = plus(before, 1_000);
    const removes = (writes: readonly Write[]) =>
      writes.some((write) => 'put' in write && write.put.sk === 'CARD' && write.put['folderId'] === undefined);
    const racing = asAdministrator({ ...deps, table: interruptedTable(table, removes, () => logout('ada', 's9', at)) });

    expect(await racing.ask('remove-user-card', { user: 'ada' })).toMatchObject({ removed: true });

    expect(await card('ada')).toBeUndefined();
    expect(await login('ada', { session: 's9', at })).toMatchObject({ reason: 'session-ended' });
  });

  it('refuses a user without a card', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('remove-user-card', { user: 'nobody' })).toMatchObject(refusal('unknown-user'));
  });

  it.each(Array.from({ length: 30 }, (_, seed) => seed + 1))(
    'leaves nothing half done, however logins race with it (seed %i)',
    async (seed) => {
      const stored = memoryTable();
      const world = await aCommandWorld({ table: stored, licenses: LICENSES, cards: CARDS });
      await world.login('ada', { session: 's0' });
      const nextTurn = seededTurns(seededRandom(seed));
      const clock = turnTakingClock(world.clock, nextTurn);
      const table = interleavedTable(world.table, nextTurn);
      const { login } = world.elsewhere({ table, clock });
      const { ask } = asAdministrator({ ...world.deps, table, clock });

      await Promise.all([
        login('ada', { session: 's1' }),
        ask('remove-user-card', { user: 'ada' }),
        ask('assign-license', { serialNumber: 'D1', user: 'ada' }),
        login('ada', { session: 's2' }),
      ]);

      expect(violationsOf(stored.items(), '2026-03-02')).toEqual([]);
      await world.expectSound();
    },
  );
});
