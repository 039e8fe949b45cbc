import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';

const ALL = { from: 0, to: 50 };

const OLD = { expiresOn: '2026-03-31' } as const;

function expiring(serialNumber: string, facts: Partial<License> = {}): License {
  return aLicense({ serialNumber, ...OLD, ...facts });
}

/** Ada owns D1 and works on it, Bob owns D2, Cyd works on the floating F1, F2 is free in Sales. */
async function aYearEnd(file: Parameters<typeof aRenewalWorld>[0]['file']) {
  const world = await aRenewalWorld({
    licenses: [
      expiring('D1', { type: 'dedicated', folderId: 'finance' }),
      expiring('D2', { type: 'dedicated', folderId: 'helsinki' }),
      expiring('F1', { folderId: 'sales' }),
      expiring('LATER', { expiresOn: '2026-12-31', folderId: 'zOld', setAsideOn: '2026-03-01' }),
    ],
    cards: [
      aUserCard({ user: 'ada', folderId: 'finance' }),
      aUserCard({ user: 'bob', folderId: 'helsinki' }),
      aUserCard({ user: 'cyd', folderId: 'sales' }),
    ],
    file,
  });
  await world.login('ada');
  await world.login('bob');
  await world.logout('bob');
  await world.login('cyd');
  return world;
}

const FULL = [
  { serialNumber: 'N-D1', type: 'Dedicated' },
  { serialNumber: 'N-D2', type: 'Dedicated' },
  { serialNumber: 'N-F1' },
];

describe('a renewal', () => {
  it('sets the old licenses aside and puts the new ones in their place, without cutting a session (R37, R38)', async () => {
    const world = await aYearEnd(FULL);

    await world.switchAll();

    expect(await world.license('D1')).toMatchObject({ folderId: 'zOld', currentUser: 'ada', releasing: true });
    expect(await world.license('D1')).not.toHaveProperty('assignedTo');
    expect(await world.license('D2')).toMatchObject({ folderId: 'zOld', setAsideOn: '2026-03-02' });
    expect(await world.license('N-D1')).toMatchObject({ folderId: 'finance', assignedTo: 'ada' });
    expect(await world.license('N-D2')).toMatchObject({ folderId: 'helsinki', assignedTo: 'bob' });
    expect(await world.license('N-F1')).toMatchObject({ folderId: 'sales' });
    expect((await world.card('ada'))?.sessions).toHaveProperty('s:s1');
    expect(
      (await world.view()).rows.map(({ old, new: to, user, outcome, oldLicense }) => [
        old,
        to,
        user,
        outcome,
        oldLicense,
      ]),
    ).toEqual([
      ['D1', 'N-D1', 'ada', 'replaced', 'set-aside'],
      ['F1', 'N-F1', 'cyd', 'replaced', 'set-aside'],
      ['D2', 'N-D2', 'bob', 'replaced', 'set-aside'],
    ]);
    expectInvariants(world.table.items());
  });

  it('moves who is in a session to the new license at a next login (R12)', async () => {
    const world = await aYearEnd(FULL);
    await world.switchAll();

    const ada = await world.login('ada', { session: 's2' });
    const cyd = await world.login('cyd', { session: 's2' });

    expect(ada).toMatchObject({ outcome: 'assigned', license: { serialNumber: 'N-D1' } });
    expect(cyd).toMatchObject({ outcome: 'allocated', license: { serialNumber: 'N-F1' } });
    expect(await world.license('D1')).not.toHaveProperty('currentUser');
    expectInvariants(world.table.items());
  });

  it('empties zOld at the cleanup hour of the next day, except licenses in use, and repeats daily until none is (R39)', async () => {
    const world = await aYearEnd(FULL);
    await world.switchAll();
    await world.login('ada', { session: 's2' });
    await world.logout('ada');

    expect(await world.nextDay()).toBeUndefined();
    expect(world.clock.now()).toBe('2026-03-03T01:00:00.000Z');
    expect(await world.view()).toMatchObject({
      status: 'waiting-for-cleanup',
      counts: { deleted: 2, stillInUse: 1 },
    });
    expect(await world.license('F1')).toMatchObject({ currentUser: 'cyd' });

    await world.logout('cyd');
    expect(await world.nextDay()).toEqual({
      renewalId: 'r1',
      status: 'finished',
      counts: { replaced: 3, extended: 0, shortfall: 0, leftOver: 0, deleted: 3, stillInUse: 0 },
    });
    expect((await world.license('F1')).deletedAt).toBeDefined();
    expect((await world.license('LATER')).deletedAt).toBeUndefined();
    expect(await world.view()).toMatchObject({ status: 'finished', finishedAt: '2026-03-04T01:00:00.000Z' });
    expectInvariants(world.table.items(), '2026-03-04');
  });

  it('deletes nothing on the day on which it was set aside', async () => {
    const world = await aYearEnd(FULL);
    const batches = await world.switchAll();

    for (const batch of batches) await world.steps.cleanUpBatch(batch);

    expect(await world.license('D2')).not.toHaveProperty('deletedAt');
    await expect(world.steps.finish()).rejects.toThrow(TryAgain);
  });

  it('reports to the operator what stays in use for longer than the tenant allows (R39)', async () => {
    const world = await aYearEnd(FULL);
    await world.switchAll();
    await world.logout('ada');

    await world.nextDay();
    expect(world.logged.map(({ code }) => code)).not.toContain('set-aside-still-in-use');
    world.moveTo('2026-03-09T01:00:00.000Z');
    await world.steps.findNext();

    expect(world.logged).toContainEqual({
      code: 'set-aside-still-in-use',
      tenant: 'acme',
      renewalId: 'r1',
      stillInUse: 1,
    });
  });

  it('leaves a license without a replacement to its user until its term ends, and names the user (R34, R37)', async () => {
    const world = await aYearEnd(FULL.slice(0, 1));

    await world.switchAll();

    const { rows, counts } = await world.view();
    expect(counts).toMatchObject({ replaced: 1, shortfall: 2 });
    expect(rows.filter(({ outcome }) => outcome === 'shortfall').map(({ old, user }) => [old, user])).toEqual([
      ['F1', 'cyd'],
      ['D2', 'bob'],
    ]);
    expect(await world.license('D2')).toMatchObject({ assignedTo: 'bob', folderId: 'helsinki' });
  });

  it('sets aside an expired license that has no replacement (R37)', async () => {
    const world = await aRenewalWorld({
      licenses: [expiring('D1', { type: 'dedicated', expiresOn: '2026-03-01', assignedTo: 'ada' })],
      cards: [aUserCard({ assigned: { D1: { ...aLicense({ type: 'dedicated', ...OLD }), expiresOn: '2026-03-01' } } })],
      file: [{ serialNumber: 'R', access: 'read' }],
    });

    await world.switchAll();

    expect(await world.license('D1')).toMatchObject({ folderId: 'zOld' });
    expect(await world.license('D1')).not.toHaveProperty('assignedTo');
    expect((await world.view()).rows[0]).toMatchObject({ old: 'D1', outcome: 'set-aside', oldLicense: 'set-aside' });
  });

  it('replaces nothing whose term the file itself extends, and lets left-over licenses in to the root', async () => {
    const world = await aYearEnd([{ serialNumber: 'F1' }, { serialNumber: 'N-F9' }]);

    await world.switchAll();

    expect(await world.license('F1')).toMatchObject({ expiresOn: '2027-03-31', currentUser: 'cyd', folderId: 'sales' });
    expect((await world.card('cyd'))?.current).toMatchObject({ serialNumber: 'F1', expiresOn: '2027-03-31' });
    const free = await world.license('N-F9');
    expect(free).toMatchObject({ folderId: 'root' });
    expect(free).not.toHaveProperty('heldBackFor');
    expect((await world.view()).counts).toMatchObject({ extended: 1, leftOver: 1, shortfall: 2 });
    expectInvariants(world.table.items());
  });

  it('keeps every login from taking a new license before its switch (R36)', async () => {
    const world = await aYearEnd(FULL);
    await world.approve();
    await world.steps.begin();
    await world.steps.importHeldBack();

    expect(await world.login('dan')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
    expectInvariants(world.table.items());
  });

  it('waits until the new terms have begun', async () => {
    const later = FULL.map((row) => ({ ...row, validFrom: '2026-03-20' }));
    const world = await aYearEnd([...later, { serialNumber: 'N-LEFT', access: 'read' }]);
    await world.approve();
    await world.steps.begin();
    await world.steps.importHeldBack();

    expect(await world.steps.findNext()).toMatchObject({ next: 'switch', at: '2026-03-19T22:00:00.000Z' });
    expect(await world.view()).toMatchObject({ status: 'waiting-for-term' });
    await world.steps.switchBatch(ALL);
    expect(await world.license('N-D1')).toMatchObject({ heldBackFor: 'r1' });
    expect(await world.license('N-LEFT')).toMatchObject({ heldBackFor: 'r1' });

    world.moveTo('2026-03-19T22:00:00.000Z');
    await world.steps.switchBatch(ALL);
    expect(await world.view()).toMatchObject({ status: 'running', counts: { replaced: 3 }, progress: { switched: 4 } });
  });

  it('switches each pair when its own new term begins, and cleans up in between (R37, R39)', async () => {
    const [d1, d2, f1] = FULL;
    const world = await aYearEnd([d1!, { ...d2!, validFrom: '2026-03-20' }, { ...f1!, validFrom: '2026-03-04' }]);
    await world.logout('ada');
    await world.approve();
    await world.steps.begin();
    await world.steps.importHeldBack();

    const steps: [string, string][] = [];
    for (let step = await world.steps.findNext(); step.next !== 'finish'; step = await world.steps.findNext()) {
      steps.push([step.next, step.at.slice(0, 16)]);
      world.moveTo(step.at);
      if (steps.length === 6) await world.logout('cyd');
      for (const range of step.batches) {
        await (step.next === 'switch' ? world.steps.switchBatch(range) : world.steps.cleanUpBatch(range));
      }
    }

    expect(steps).toEqual([
      ['switch', '2026-03-02T08:15'],
      ['clean-up', '2026-03-03T01:00'],
      ['switch', '2026-03-03T22:00'],
      ['clean-up', '2026-03-05T01:00'],
      ['clean-up', '2026-03-06T01:00'],
      ['clean-up', '2026-03-07T01:00'],
      ['switch', '2026-03-19T22:00'],
      ['clean-up', '2026-03-21T01:00'],
    ]);
  });

  it('serves the user who has the old license at the switch, not at the plan', async () => {
    const world = await aYearEnd(FULL);
    await world.approve();
    await world.steps.begin();
    await world.steps.importHeldBack();
    await world.logout('cyd');
    await world.login('dan', { claims: { folder: 'Sales' } });

    await world.steps.switchBatch(ALL);

    expect(await world.license('F1')).toMatchObject({ currentUser: 'dan', releasing: true, folderId: 'zOld' });
    expectInvariants(world.table.items());
  });

  it('has the same result when every step runs twice (R40)', async () => {
    const world = await aYearEnd(FULL);
    await world.switchAll();
    const after = JSON.stringify(world.table.items().toSorted((one, other) => (one.pk < other.pk ? -1 : 1)));

    await world.switchAll();
    await world.steps.switchBatch(ALL);
    expect(JSON.stringify(world.table.items().toSorted((one, other) => (one.pk < other.pk ? -1 : 1)))).toBe(after);

    await world.nextDay();
    await world.nextDay();
    expect((await world.view()).counts).toMatchObject({ deleted: 1, stillInUse: 2 });
  });
});
