import { describe, expect, it } from 'vitest';
import type { Table, Write } from '../../shared/platform/ports/table.ts';
import { findRenewal } from '../../shared/renewals/read-renewal.ts';
import { rowsOfPage, rowWrites } from '../../shared/renewals/renewal.ts';
import { releaseLock, runningRenewal, takeLock } from '../../shared/renewals/renewal-lock.ts';
import { administrator } from '../fakes/administrator.ts';
import { refusal } from '../fakes/command-world.ts';
import { aRenewalWorld, expectDone, REQUEST } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

/** D1 ends in March and has a replacement, LATER ends with the year and has none. */
async function aWorldToPlan() {
  const world = await aRenewalWorld({
    licenses: [
      aLicense({ serialNumber: 'D1', type: 'dedicated', expiresOn: '2026-03-31', folderId: 'finance' }),
      aLicense({ serialNumber: 'LATER', expiresOn: '2026-12-31' }),
    ],
    cards: [aUserCard({ user: 'ada' })],
    file: [{ serialNumber: 'N1', type: 'Dedicated' }],
  });
  const plan = (request: object = REQUEST) => expectDone(world.ask('plan-renewal', request));
  const planWholeYear = () => plan({ ...REQUEST, expiringOnOrBefore: '2026-12-31' });
  const plansWithPages = () =>
    new Set(world.table.items().flatMap(({ sk }) => (sk.startsWith('PLAN#') ? [sk.split('#')[1]] : [])));
  return { ...world, plan, planWholeYear, plansWithPages, admin: administrator(world.table) };
}

/** Something happens right before the first write that `is` picks. */
function interruptedBefore(
  table: Table,
  is: (writes: readonly Write[]) => boolean,
  happens: () => Promise<unknown>,
): Table {
  let isOver = false;
  return {
    ...table,
    write: async (writes) => {
      if (!isOver && is(writes)) {
        isOver = true;
        await happens();
      }
      return table.write(writes);
    },
  };
}

const ofRenewal = ([first]: readonly Write[]): boolean =>
  first !== undefined &&
  (('put' in first && first.put.sk === 'RENEWAL' && first.put.pk.startsWith('R#')) || 'update' in first);

const ofLock = ([first]: readonly Write[]): boolean =>
  first !== undefined && 'put' in first && first.put.sk === 'RENEWAL' && first.put.pk.startsWith('T#');

describe('two users who plan, approve or start a renewal concurrently', () => {
  it('leave one plan, whoever wins, and no page of another (F39)', async () => {
    const world = await aWorldToPlan();

    for (const _firstOrAnew of ['first', 'anew']) {
      const answers = await Promise.all([1, 2].map(() => world.ask('plan-renewal', REQUEST)));

      expect(answers).toContainEqual(refusal('conflict'));
      expect(world.plansWithPages().size).toBe(1);
    }
    expect(await world.view()).toMatchObject({ status: 'planned', counts: { replaced: 1 } });
  });

  it('do not replace a plan that was started in between (R35)', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    const started = interruptedBefore(world.table, ofRenewal, () => world.steps.begin());

    await world.commandsOn(started)('plan-renewal', REQUEST);

    expect(await world.view()).toMatchObject({ status: 'running' });
    expect(world.plansWithPages().size).toBe(1);
  });

  it('approve only the plan that was read, because another may have a shortfall that nobody accepted (R35)', async () => {
    const world = await aWorldToPlan();
    await world.plan();
    const replanned = interruptedBefore(world.table, ofRenewal, world.planWholeYear);

    const answer = await world.commandsOn(replanned)('approve-renewal', { renewalId: 'r1', acceptedShortfall: [] });

    expect(answer).toMatchObject(refusal('invalid-request', { shortfall: [{ serialNumber: 'LATER' }] }));
    expect(await world.view()).toMatchObject({ status: 'planned' });
  });

  it('start only the plan whose facts were compared (R35)', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    const replanned = interruptedBefore(world.table, ofRenewal, async () => {
      await world.planWholeYear();
      await expectDone(world.ask('approve-renewal', { renewalId: 'r1', acceptedShortfall: ['LATER'] }));
      await world.admin.move('LATER', 'sales');
    });

    await expect(world.stepsOn(replanned).begin()).rejects.toThrow('1 facts have changed');
  });
});

describe('the lock of a tenant’s renewals (R42)', () => {
  it('is released only by its holder', async () => {
    const { table, plan } = await aWorldToPlan();
    await plan();
    const renewal = await findRenewal(table, 'acme', 'r1');
    expect(await takeLock(table, renewal!)).toEqual({ kind: 'taken' });

    await releaseLock(table, 'acme', 'r2');
    expect(await runningRenewal(table, 'acme')).toBe('r1');
    await releaseLock(table, 'acme', 'r1');

    expect(await runningRenewal(table, 'acme')).toBeUndefined();
  });

  it('is taken by no renewal that was undone meanwhile, which would never release it', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    const undone = () => interruptedBefore(world.table, ofLock, () => world.ask('undo-renewal', { renewalId: 'r1' }));

    expect(await world.commandsOn(undone())('start-renewal', { renewalId: 'r1' })).toEqual(
      refusal('conflict', { renewalId: 'r1', status: 'undone' }),
    );

    expect(await runningRenewal(world.table, 'acme')).toBeUndefined();
  });

  it('is not taken by a step of a renewal that was undone meanwhile', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    const undone = interruptedBefore(world.table, ofLock, () => world.ask('undo-renewal', { renewalId: 'r1' }));

    await expect(world.stepsOn(undone).begin()).rejects.toThrow('was undone');

    expect(await runningRenewal(world.table, 'acme')).toBeUndefined();
  });

  it('is released when the renewal was planned again after its start', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    await expectDone(world.ask('start-renewal', { renewalId: 'r1' }));
    await world.plan();

    await world.steps.stop('RenewalStopped');

    expect(await runningRenewal(world.table, 'acme')).toBeUndefined();
  });
});

describe('a row of a plan', () => {
  it('is processed once: the second of two concurrent steps is refused (F41)', async () => {
    const world = await aWorldToPlan();
    await world.plan();
    const page = world.table.items().find(({ sk }) => sk.startsWith('PLAN#'))!;
    const row = rowsOfPage(page)[0]!;
    const plan = { tenant: 'acme', renewalId: 'r1', planId: page.sk.split('#')[1]! };
    const writes = rowWrites(plan, 0, { ...row, version: 1, switched: true }, row);

    const answers = [await world.table.write(writes), await world.table.write(writes)];

    expect(answers.map(({ done }) => done)).toEqual([true, false]);
  });
});
