import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import { administrator } from '../fakes/administrator.ts';
import { refusal } from '../fakes/command-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import { aRenewalWorld, REQUEST, type RenewalWorld, runToItsEnd } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { dyingTable, interruptedTable } from '../fakes/wrapped-table.ts';

const OLD = { expiresOn: '2026-03-31' } as const;
const expiring = (serialNumber: string, facts: Partial<License> = {}) => aLicense({ serialNumber, ...OLD, ...facts });

/**
 * Ada owns D1 and works on it, Bob owns D2, Cyd works on the floating F1, EXT gets a later term by the file, GONE has
 * expired and has no replacement.
 */
async function aYearEnd() {
  const world = await aRenewalWorld({
    licenses: [
      expiring('D1', { type: 'dedicated', folderId: 'finance' }),
      expiring('D2', { type: 'dedicated', folderId: 'helsinki' }),
      expiring('F1', { folderId: 'sales' }),
      expiring('EXT', { folderId: 'helsinki', access: 'read' }),
      expiring('GONE', { expiresOn: '2026-03-01', access: 'read', folderId: 'helsinki' }),
    ],
    cards: [
      aUserCard({ user: 'ada', folderId: 'finance' }),
      aUserCard({ user: 'bob', folderId: 'helsinki' }),
      aUserCard({ user: 'cyd', folderId: 'sales' }),
    ],
    file: [
      { serialNumber: 'N-D1', type: 'Dedicated' },
      { serialNumber: 'N-D2', type: 'Dedicated' },
      { serialNumber: 'N-F1' },
      { serialNumber: 'N-F2' },
      { serialNumber: 'EXT', access: 'read' },
    ],
  });
  await world.login('ada');
  await world.login('bob');
  await world.logout('bob');
  await world.login('cyd');
  return { ...world, admin: administrator(world.table), before: lasting(world) };
}

/** Licenses, cards and vacancies but for the new licenses, without versions and last changes. */
function lasting({ table }: Pick<RenewalWorld, 'table'>): readonly unknown[] {
  return table
    .items()
    .filter(({ pk, sk }) => (sk === 'LICENSE' || sk === 'CARD' || pk.startsWith('V#')) && !pk.includes('#N-'))
    .toSorted((one, other) => (`${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1))
    .map(({ version: _v, revision: _r, change: _c, lastReceipt: _l, ...facts }) => facts);
}

describe('an undo (R41)', () => {
  it('gives back licenses, cards and vacancies as they were, and holds the new licenses back again', async () => {
    const world = await aYearEnd();
    await world.switchAll();
    expect(await world.license('EXT')).toMatchObject({ expiresOn: '2027-03-31' });
    expect(await world.license('GONE')).toMatchObject({ folderId: 'zOld' });

    const result = await world.undoAll();

    expect(result).toMatchObject({ renewalId: 'r1', status: 'undone', counts: { replaced: 0, deleted: 0 } });
    expect(lasting(world)).toEqual(world.before);
    for (const serial of ['N-D1', 'N-D2', 'N-F1', 'N-F2']) {
      expect(await world.license(serial)).toMatchObject({ heldBackFor: 'r1', folderId: 'root' });
    }
    const { rows, progress, undo } = await world.view();
    expect(progress).toMatchObject({ undone: 6, skipped: 0 });
    expect(undo).toMatchObject({ actor: 'olga' });
    expect(rows[0]).toMatchObject({ outcome: 'undone', newLicense: 'withdrawn', undoneAt: world.clock.now() });
    expectInvariants(world.table.items());
    expect(await world.ask('audit')).toMatchObject({ violations: [] });
  });

  it.each([
    ['a logout', ({ logout }: World) => logout('ada'), ['D1'], 'D1 was changed since'],
    ['a login on the new one', ({ login }: World) => login('bob'), ['D2'], 'N-D2 was changed since'],
    ['a move', ({ admin }: World) => admin.move('F1', 'sales'), ['F1'], 'F1 was changed since, at 2026'],
    ['a release', ({ admin }: World) => admin.release('N-D1'), ['D1'], 'by administrator (test)'],
    ['a login on a left-over one', ({ login }: World) => login('dan'), [undefined], 'N-F2 was changed since'],
  ] as const)(
    'leaves alone what %s has changed since, lists it with the user, and undoes the rest',
    async (_what, act, touched, why) => {
      const world = await aYearEnd();
      await world.switchAll();
      world.clock.move(1_000);
      await act(world);
      const others = [...touched, ...touched.map((serial) => `N-${serial}`), 'N-F2'];

      await world.undoAll();

      const { rows, progress } = await world.view();
      const skipped = rows.filter(({ outcome }) => outcome === 'skipped');
      expect(skipped.map(({ old }) => old)).toEqual(touched);
      expect(skipped[0]?.why).toContain(why);
      expect(progress).toMatchObject({ undone: 5, skipped: 1 });
      for (const serial of ['D1', 'D2', 'F1'].filter((one) => !others.includes(one))) {
        expect(await world.license(serial)).not.toMatchObject({ folderId: 'zOld' });
      }
      expectInvariants(world.table.items());
    },
  );

  it.each([
    [
      'is worked on since another time',
      {},
      async ({ logout, login, clock }: Extending) => {
        await logout('cyd');
        clock.move(1_000);
        await login('cyd');
      },
      { currentUser: 'cyd', expiresOn: '2026-03-31' },
      'login',
    ],
    [
      'stands in zOld since another day',
      { folderId: 'zOld', setAsideOn: '2026-03-01' },
      async ({ ask }: Extending) => {
        for (const folder of ['', 'zOld']) await ask('move-licenses', { serialNumbers: ['EXT'], folder });
      },
      { folderId: 'zOld', setAsideOn: '2026-03-02', expiresOn: '2026-03-31' },
      'olga',
    ],
    [
      'has the term of another file',
      {},
      (world: Extending) => anotherFile(world, '2028-03-31'),
      { expiresOn: '2028-03-31', imported: { issued: '2026-03-01' } },
      'import-licenses',
    ],
  ] as const)('lists who changed a license that the file extends, when it %s', async (_what, facts, act, kept, who) => {
    const world = await anExtension(facts);
    await world.switchAll();
    world.clock.move(1_000);
    await act(world);

    await world.undoAll();

    const { rows } = await world.view();
    expect(rows.map(({ why }) => why)).toEqual([expect.stringContaining('license EXT was changed since, at ')]);
    expect(rows[0]?.why).toContain(who);
    expect(await world.license('EXT')).toMatchObject(kept);
    expectInvariants(world.table.items());
  });

  it('leaves a license the term of the file when a file issued later says the same (R3), and lists it', async () => {
    const world = await anExtension();
    await world.switchAll();
    await anotherFile(world, '2027-03-31');

    await world.undoAll();

    expect(await world.view()).toMatchObject({
      rows: [
        {
          old: 'EXT',
          outcome: 'skipped',
          why: 'license EXT keeps its term: a later file, issued on 2026-03-01, confirms it',
        },
      ],
    });
    expect(await world.license('EXT')).toMatchObject({ expiresOn: '2027-03-31', imported: { issued: '2026-03-01' } });
  });

  it.each([
    ['extends', { expiresOn: '2026-03-31' }, '2027-03-31', 'extended'],
    ['gives a last day', {}, '2027-03-31', 'extended'],
    ['extends too little', { expiresOn: '2026-03-20' }, '2026-03-25', 'shortfall'],
  ] as const)('gives back the term of a license that the file %s', async (_what, term, expiryDate, outcome) => {
    const world = await anExtension({}, term, expiryDate);
    const before = lasting(world);
    await world.switchAll();
    expect(await world.view()).toMatchObject({ rows: [{ old: 'EXT', outcome }] });
    expect(await world.license('EXT')).toMatchObject({ expiresOn: expiryDate });

    await world.undoAll();

    expect(lasting(world)).toEqual(before);
    expect(await world.view()).toMatchObject({ progress: { undone: 1, skipped: 0 } });
  });

  it('goes back to where the switch found a license, not to where the plan had seen it', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.steps.begin();
    await world.steps.importHeldBack();
    await world.logout('cyd');
    await world.login('dan', { claims: { folder: 'Sales' } });
    await world.switchAll();

    await world.undoAll();

    expect(await world.license('F1')).toMatchObject({ folderId: 'sales', currentUser: 'dan' });
    expect(await world.license('F1')).not.toHaveProperty('releasing');
    expectInvariants(world.table.items());
  });

  it('is possible until the cleanup has deleted everything, and lists what was deleted already', async () => {
    const world = await aYearEnd();
    await world.switchAll();
    await world.nextDay();
    expect(await world.license('D2')).toHaveProperty('deletedAt');

    await world.undoAll();

    const { rows } = await world.view();
    expect(rows.find(({ old }) => old === 'D2')).toMatchObject({
      outcome: 'skipped',
      why: expect.stringContaining('deleted already'),
    });
    expect(await world.license('D1')).toMatchObject({ folderId: 'finance', assignedTo: 'ada', currentUser: 'ada' });
    expect(await world.license('N-D2')).toMatchObject({ assignedTo: 'bob' });
    expectInvariants(world.table.items(), '2026-03-03');

    const finished = await aYearEnd();
    await finished.switchAll();
    for (const user of ['ada', 'cyd']) await finished.logout(user);
    await finished.nextDay();
    expect(await finished.ask('undo-renewal', { renewalId: 'r1' })).toMatchObject(
      refusal('conflict', { status: 'finished' }),
    );
  });

  it('of a renewal that was not started ends at once', async () => {
    const world = await aYearEnd();
    await world.approve();

    expect(await world.ask('undo-renewal', { renewalId: 'r1' })).toMatchObject({ status: 'undone' });

    expect(world.executions.started).toEqual([]);
    expect(await runToItsEnd(world.steps, world.moveTo)).toBe('undone meanwhile');
    expect(lasting(world)).toEqual(world.before);
  });

  it('before the switch, lets go what was held back, and frees again what had been free', async () => {
    const fresh = aLicense({ serialNumber: 'N-F1', expiresOn: '2027-03-31', folderId: 'sales' });
    const world = await aRenewalWorld({ licenses: [expiring('F1', { folderId: 'sales' }), fresh] });
    const { upload: _, ...request } = REQUEST;
    const before = lasting(world);
    await world.approve(request);
    await world.steps.begin();
    await world.steps.importHeldBack();
    expect(await world.license('N-F1')).toMatchObject({ heldBackFor: 'r1' });

    await world.undoAll();
    expect(await world.view()).toMatchObject({ rows: [{ outcome: 'undone', newLicense: 'free-again' }] });
    expect(lasting(world)).toEqual(before);
    expect(await world.license('N-F1')).not.toHaveProperty('heldBackFor');
    expectInvariants(world.table.items());
  });

  it('after the switch, puts back a license that had been free', async () => {
    const fresh = aLicense({ serialNumber: 'N-F1', expiresOn: '2027-03-31' });
    const world = await aRenewalWorld({ licenses: [expiring('F1', { folderId: 'sales' }), fresh] });
    const { upload: _, ...request } = REQUEST;
    await world.approve(request);
    await world.switchAll();
    expect(await world.license('N-F1')).toMatchObject({ folderId: 'sales' });

    await world.undoAll();

    expect(await world.license('N-F1')).toMatchObject({ folderId: 'root' });
    expect(await world.license('F1')).toMatchObject({ folderId: 'sales' });
    expectInvariants(world.table.items());
  });

  it('leaves the new licenses to a later renewal, which can be undone as well', async () => {
    const world = await aYearEnd();
    await world.switchAll();
    await world.undoAll();

    await world.approve({ ...REQUEST, renewalId: 'r2' });
    const second = world.stepsOn(world.table, 'r2');
    await second.begin();
    await second.importHeldBack();
    expect(await world.license('N-D1')).toMatchObject({ heldBackFor: 'r2' });
    const step = await second.findNext();
    if (step.next !== 'switch') throw new Error(step.next);
    for (const range of step.batches) await second.switchBatch(range);

    expect(await world.view('r2')).toMatchObject({ counts: { replaced: 3, extended: 1, leftOver: 1, shortfall: 1 } });
    expect(await world.license('EXT')).toMatchObject({ expiresOn: '2027-03-31' });
    expectInvariants(world.table.items());
  });

  it('ends a waiting execution, and a running one finds the renewal undone or each row protected', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.ask('start-renewal', { renewalId: 'r1' });
    let undone = false;
    // The whole undo comes between two calls of the switch.
    const table = interruptedTable(world.table, 60, async () => {
      undone = true;
      await world.undoAll();
    });

    const ended = await runToItsEnd(world.stepsOn(table), world.moveTo);

    expect([ended, undone]).toEqual(['undone meanwhile', true]);
    expect(lasting(world)).toEqual(world.before);
    expect(world.executions.running()).toEqual(['acme.r1.2']);
    expect(await world.view()).toMatchObject({ status: 'undone', progress: { undone: 6 } });
    expectInvariants(world.table.items());
  });

  it('is refused for another renewal while one runs', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.steps.begin();
    await world.steps.stop('surprise');
    await world.approve({ ...REQUEST, renewalId: 'r2' });
    await world.stepsOn(world.table, 'r2').begin();

    expect(await world.ask('undo-renewal', { renewalId: 'r1' })).toMatchObject(
      refusal('renewal-running', { renewalId: 'r2' }),
    );
  });
});

type World = Awaited<ReturnType<typeof aYearEnd>>;

const EXT = { serialNumber: 'EXT' };
type Extending = Awaited<ReturnType<typeof anExtension>>;

/** Only one license, which the file changes the term of; Cyd works on it unless it is in zOld. */
async function anExtension(
  facts: Partial<License> = {},
  term: Pick<License, 'expiresOn'> = OLD,
  expiryDate = '2027-03-31',
) {
  const { expiresOn: _, ...license } = aLicense({ ...EXT, folderId: 'sales', ...facts });
  const world = await aRenewalWorld({
    licenses: [{ ...license, ...term }],
    cards: [aUserCard({ user: 'cyd', folderId: 'sales' })],
    file: [{ ...EXT, expiryDate }],
  });
  if (license.folderId !== 'zOld') await world.login('cyd');
  return world;
}

/** A file that was issued after the renewal's. */
async function anotherFile({ upload, importUpload }: Extending, expiryDate: string): Promise<void> {
  const key = 'tenants/acme/uploads/later.zip';
  await upload([{ ...EXT, expiryDate }], '2026-03-01', key);
  expect(await importUpload({ key })).toMatchObject({ status: 'accepted' });
}

describe('a renewal that stopped', () => {
  it('is resumed by another execution at the point where it stopped (R40)', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.ask('start-renewal', { renewalId: 'r1' });
    const dead = dyingTable(world.table, 60, 'after');
    await expect(runToItsEnd(world.stepsOn(dead.table), world.moveTo)).rejects.toThrow();
    await world.steps.stop('surprise');
    world.executions.end('acme.r1');
    expect(await world.view()).toMatchObject({ status: 'stopped', stopped: { name: 'surprise' } });
    expect(await world.ask('start-renewal', { renewalId: 'r1' })).toMatchObject(
      refusal('conflict', { status: 'stopped' }),
    );

    await world.ask('resume-renewal', { renewalId: 'r1' });
    await world.ask('resume-renewal', { renewalId: 'r1' });

    expect(world.executions.running()).toEqual(['acme.r1.2']);
    const second = world.stepsOn(world.table, 'r1', 'acme.r1.2');
    for (const user of ['ada', 'cyd']) await world.logout(user);
    expect(await runToItsEnd(second, world.moveTo)).toMatchObject({ status: 'finished' });
  });

  it('is resumed also when somebody ended its execution, and not while it runs', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.ask('start-renewal', { renewalId: 'r1' });
    await world.switchAll();

    await world.ask('resume-renewal', { renewalId: 'r1' });
    expect(world.executions.started).toHaveLength(1);
    world.executions.end('acme.r1');
    await world.ask('resume-renewal', { renewalId: 'r1' });

    expect(world.executions.started.map(({ name }) => name)).toEqual(['acme.r1', 'acme.r1.2']);
  });

  it('during its undo continues the undo', async () => {
    const world = await aYearEnd();
    await world.switchAll();
    await world.ask('undo-renewal', { renewalId: 'r1' });
    const back = world.stepsOn(dyingTable(world.table, 25, 'before').table, 'r1', 'acme.r1.2');
    await expect(runToItsEnd(back, world.moveTo)).rejects.toThrow();
    await world.stepsOn(world.table, 'r1', 'acme.r1.2').stop('surprise');
    world.executions.end('acme.r1.2');
    expect(await world.view()).toMatchObject({ status: 'stopped' });

    await world.ask('resume-renewal', { renewalId: 'r1' });
    const [name = ''] = world.executions.running();
    const ended = await runToItsEnd(world.stepsOn(world.table, 'r1', name), world.moveTo);

    expect(ended).toMatchObject({ status: 'undone' });
    expect(lasting(world)).toEqual(world.before);
  });

  it('before the switch lets the next one run, and of two executions only the later one stops it', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.steps.begin();
    await world.stepsOn(world.table, 'r1', 'acme.r1.2').begin();

    await world.steps.stop('late');
    expect(await world.view()).toMatchObject({ status: 'running' });
    await world.stepsOn(world.table, 'r1', 'acme.r1.2').stop('surprise');
    expect(await world.view()).toMatchObject({ status: 'stopped' });

    await world.approve({ ...REQUEST, renewalId: 'r2' });
    expect(await world.stepsOn(world.table, 'r2').begin()).toEqual({ direction: 'forward' });
  });

  it('imports exactly the approved file, also if another one has its key now', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.steps.begin();
    await world.upload([{ serialNumber: 'OTHER' }]);

    await world.steps.importHeldBack();

    expect(await world.license('N-D1')).toMatchObject({ heldBackFor: 'r1' });
    await expect(world.license('OTHER')).rejects.toThrow('no license OTHER');
  });

  it('has released nothing if its upload is gone (F48)', async () => {
    const world = await aYearEnd();
    await world.approve();
    await world.steps.begin();
    world.objects.purge(REQUEST.upload);

    await expect(world.steps.importHeldBack()).rejects.toThrow('deleted or overwritten');

    await world.steps.stop('RenewalStopped');
    expect(lasting(world)).toEqual(world.before);
    expect(await world.ask('undo-renewal', { renewalId: 'r1' })).toMatchObject({ status: 'undoing' });
  });
});
