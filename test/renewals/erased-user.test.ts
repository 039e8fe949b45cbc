import { describe, expect, it } from 'vitest';
import { aRenewalWorld, expectDone, REQUEST } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const OLD = { type: 'dedicated', expiresOn: '2026-03-31' } as const;

/** Ada and bob own an expiring license each; ada planned, works, and has gone. */
async function adaGoes() {
  const world = await aRenewalWorld({
    licenses: [
      aLicense({ serialNumber: 'D1', ...OLD, assignedTo: 'ada' }),
      aLicense({ serialNumber: 'D2', ...OLD, assignedTo: 'bob' }),
    ],
    cards: [aUserCard({ user: 'ada' }), aUserCard({ user: 'bob' })],
    file: ['N1', 'N2'].map((serialNumber) => ({ serialNumber, type: 'Dedicated' })),
  });
  await world.login('ada');
  await world.approve({ ...REQUEST, actor: 'ada' });
  const inRenewals = () => JSON.stringify(world.table.items().filter(({ pk }) => pk.startsWith('R#acme#')));
  const goes = async () => {
    await expectDone(world.ask('remove-user-card', { user: 'ada' }));
    return expectDone(world.ask('erase-user', { user: 'ada' }));
  };
  return { ...world, inRenewals, goes };
}

describe('erase-user (R47)', () => {
  it('replaces the user in the renewals that are over: snapshot, rows and marks', async () => {
    const { ask, inRenewals, goes, switchAll, nextDay } = await adaGoes();
    await switchAll();
    for (let result = await nextDay(); result === undefined; ) result = await nextDay();
    expect(inRenewals()).toContain('"ada"');

    const erased = await goes();

    expect(erased).toMatchObject({ renewals: 1, renewalsNotOver: [] });
    expect(inRenewals()).not.toContain('"ada"');
    expect(inRenewals()).toContain('"bob"');
    const { rows } = await expectDone(ask('get-renewal', { renewalId: 'r1' }));
    expect(rows.map(({ user }) => user)).toContain((erased as unknown as { pseudonym: string }).pseudonym);
    expect(await ask('erase-user', { user: 'ada' })).toMatchObject({ renewals: 0 });
  });

  it('names the renewals that are not over, and leaves them as they are: steps and undo go by the name', async () => {
    const { inRenewals, goes, switchAll, undoAll, ask } = await adaGoes();
    await switchAll();

    expect(await goes()).toMatchObject({ renewals: 0, renewalsNotOver: ['r1'] });
    expect(inRenewals()).toContain('"ada"');

    await undoAll();
    expect(await ask('erase-user', { user: 'ada' })).toMatchObject({ renewals: 1, renewalsNotOver: [] });
    expect(inRenewals()).not.toContain('"ada"');
  });
});
