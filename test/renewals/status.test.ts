import { describe, expect, it } from 'vitest';
import { renewalItem, renewalOf } from '../../shared/renewals/renewal.ts';
import { renewalKey } from '../../shared/store/keys.ts';
import { asAdministrator, refusal } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { meteredTable } from '../fakes/metered-table.ts';
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

/** What a renewal with so many rows costs when half of its rows are switched. */
async function costOf(size: number) {
  const world = await aRenewalWorld({
    licenses: Array.from({ length: size }, (_, index) =>
      aLicense({ serialNumber: `F${100_000 + index}`, expiresOn: '2026-03-31' }),
    ),
  });
  await world.ask('plan-renewal', { renewalId: 'r1', expiringOnOrBefore: '2026-03-31' });
  await world.table.write([{ update: renewalKey('acme', 'r1'), set: [['status', 'running']], onlyIf: [] }]);
  for (let from = 0; from < size / 2; from += 50) await world.steps.switchBatch({ from, to: from + 50 });
  const { table, meter } = meteredTable(world.table);
  const counting = countingTable(table);
  const { ask } = asAdministrator({ ...world.deps, table: counting.table, clock: world.clock });
  const status = await ask('get-renewal', { renewalId: 'r1', rows: 'none' });
  expect(status).toMatchObject({ progress: { rows: size, switched: size / 2 } });
  return { calls: counting.counts.calls, units: meter.units };
}

it('reads the status of twenty thousand rows in the same two reads as that of two hundred', async () => {
  const small = await costOf(200);
  const large = await costOf(20_000);

  expect(small.calls).toBe(2);
  expect(large.calls).toBe(2);
  expect(large.units).toBeLessThanOrEqual(3);
}, 60_000);
