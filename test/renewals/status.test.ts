import { describe, expect, it } from 'vitest';
import { renewalItem, renewalOf } from '../../shared/renewals/renewal.ts';
import { renewalKey } from '../../shared/store/keys.ts';
import { refusal } from '../fakes/command-world.ts';
import { costOfStatus } from '../fakes/question-costs.ts';
import { aRenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

/** D1 has a replacement, F1 has none, and N2 is left over. */
function aSmallRenewal() {
  return aRenewalWorld({
    licenses: [
      aLicense({ serialNumber: 'D1', type: 'dedicated', expiresOn: '2026-03-31' }),
      aLicense({ serialNumber: 'F1', expiresOn: '2026-03-31' }),
    ],
    cards: [aUserCard()],
    file: ['N1', 'N2'].map((serialNumber) => ({ serialNumber, type: 'Dedicated' })),
  });
}

const NOTHING_DONE = { rows: 3, switched: 0, inZOld: 0, deleted: 0, skipped: 0, undone: 0 };
const PLANNED = { replaced: 1, extended: 0, shortfall: 1, leftOver: 1, deleted: 0, stillInUse: 0 };

describe('get-renewal without rows', () => {
  it('shows how far the renewal has come: planned, switched, cleaned up', async () => {
    const { ask, approve, switchAll, nextDay } = await aSmallRenewal();
    const status = () => ask('get-renewal', { renewalId: 'r1', rows: 'none' });
    await approve();
    const approved = await status();
    await switchAll();
    const switched = await status();
    await nextDay();

    expect(approved).toMatchObject({ status: 'approved', counts: PLANNED, progress: NOTHING_DONE });
    expect(approved).not.toHaveProperty('rows');
    expect(switched).toMatchObject({ counts: PLANNED, progress: { ...NOTHING_DONE, switched: 3, inZOld: 1 } });
    expect(await status()).toMatchObject({
      status: 'finished',
      counts: { ...PLANNED, deleted: 1 },
      progress: { ...NOTHING_DONE, switched: 3, deleted: 1 },
    });
  });

  it('counts the rows of an undo', async () => {
    const { ask, switchAll, undoAll, view } = await aSmallRenewal();
    await switchAll();
    await undoAll();

    const { counts, progress } = await view();

    expect(progress).toMatchObject({ undone: 3, inZOld: 0 });
    expect(await ask('get-renewal', { renewalId: 'r1', rows: 'none' })).toMatchObject({ counts, progress });
  });

  it('counts the rows themselves when the renewal was planned before steps counted them', async () => {
    const { table, approve, switchAll, view } = await aSmallRenewal();
    await approve();
    const { planned: _, ...older } = renewalOf((await table.get(renewalKey('acme', 'r1')))!);
    await table.write([{ put: renewalItem(older) }]);
    await switchAll();

    expect((await view()).progress).toEqual({ ...NOTHING_DONE, switched: 3, inZOld: 1 });
  });

  it('refuses a cursor, and the text, which has the rows', async () => {
    const { ask, approve } = await aSmallRenewal();
    await approve();

    for (const members of [{ cursor: 'cm93IDE' }, { format: 'text' }]) {
      expect(await ask('get-renewal', { renewalId: 'r1', rows: 'none', ...members })).toEqual(
        refusal('invalid-request', { faults: expect.anything() }),
      );
    }
    expect(await ask('get-renewal', { renewalId: 'r2', rows: 'none' })).toEqual(refusal('unknown-renewal'));
  });
});

it('reads the status of twenty thousand rows in the same two reads as that of two hundred', async () => {
  const small = await costOfStatus(200);
  const large = await costOfStatus(20_000);

  expect(large.progress).toMatchObject({ rows: 20_000, switched: 10_000 });
  expect(small.calls).toBe(2);
  expect(large.calls).toBe(2);
  expect(large.units).toBeLessThanOrEqual(3);
}, 60_000);
