import { describe, expect, it } from 'vitest';
import type { License } from '../../shared/licensing/license/license.ts';
import { DAY, epochSeconds, plus } from '../../shared/licensing/time.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { keepPlan } from '../../shared/renewals/make-plan.ts';
import { renewalOf } from '../../shared/renewals/renewal.ts';
import { administrator } from '../fakes/administrator.ts';
import { withoutCommands } from '../fakes/command-entries.ts';
import { refusal } from '../fakes/command-world.ts';
import { expectInvariants } from '../fakes/invariants.ts';
import type { RowFacts } from '../fakes/license-file.ts';
import { aRenewalWorld, expectDone, REQUEST, UPLOAD } from '../fakes/renewal-world.ts';
import { aLicense, aUserCard } from '../fakes/world.ts';
import { forgetfulTable } from '../fakes/wrapped-table.ts';

const OLD = { expiresOn: '2026-03-31' } as const;
const DEDICATED = { ...OLD, type: 'dedicated' } as const;

const old = (serialNumber: string, facts: Partial<License> = {}) => aLicense({ serialNumber, ...OLD, ...facts });

const NEW: readonly RowFacts[] = [{ serialNumber: 'N1', type: 'Dedicated' }, { serialNumber: 'N2' }];

/** Ada owns D1 in Finance and works on it, F1 is free in Sales, LATER expires with the year. */
async function aWorldToPlan(file: readonly RowFacts[] | undefined = NEW, more: readonly License[] = []) {
  const world = await aRenewalWorld({
    licenses: [
      old('D1', { ...DEDICATED, folderId: 'finance' }),
      old('F1', { folderId: 'sales' }),
      aLicense({ serialNumber: 'LATER', expiresOn: '2026-12-31', folderId: 'helsinki' }),
      ...more,
    ],
    cards: [aUserCard({ user: 'ada', name: 'Ada Byron' }), aUserCard({ user: 'bob', folderId: 'sales' })],
    file,
  });
  await world.login('ada');
  return { ...world, admin: administrator(world.table) };
}

const others = (world: Awaited<ReturnType<typeof aWorldToPlan>>) =>
  JSON.stringify(withoutCommands(world.table.items()).filter(({ pk }) => !pk.startsWith('R#')));

describe('a plan', () => {
  it('shows everything before anything changes, and changes nothing (R34)', async () => {
    const world = await aWorldToPlan(
      [...NEW, { serialNumber: 'N3', validFrom: '2026-04-05' }],
      [old('F2', { folderId: 'sales' })],
    );
    const before = others(world);

    const plan = await expectDone(world.ask('plan-renewal', REQUEST));

    expect(others(world)).toBe(before);
    expect(plan).toMatchObject({
      status: 'planned',
      plannedBy: 'olga',
      mode: 'assign',
      counts: { replaced: 3, extended: 0, shortfall: 0, leftOver: 0 },
      shortfall: [],
      waitsInZOld: [{ serialNumber: 'D1', user: 'ada' }],
      daysWithoutLicense: [{ serialNumber: 'F2', days: 4, after: '2026-03-31', until: '2026-04-05' }],
    });
    expect(plan.rows).toMatchObject([
      {
        old: 'D1',
        new: 'N1',
        folder: 'Finance',
        user: 'ada',
        expiresOn: '2026-03-31',
        assignedTo: 'ada',
        currentUser: 'ada',
      },
      { old: 'F1', new: 'N2', folder: 'Sales' },
      { old: 'F2', new: 'N3', daysWithoutLicense: 4 },
    ]);
    expect(await expectDone(world.ask('get-renewal', { renewalId: 'r1' }))).toEqual(plan);
  });

  it('names the three users whose write licenses have no replacement, by class and folder', async () => {
    const world = await aRenewalWorld({
      licenses: ['A', 'B', 'C', 'D'].map((serialNumber) => old(serialNumber, { ...DEDICATED, folderId: 'finance' })),
      cards: [
        ...['ada', 'bob', 'cyd'].map((user) => aUserCard({ user, name: `${user} of Finance` })),
        aUserCard({ user: 'dan', name: 'Dan' }),
      ],
      file: [{ serialNumber: 'N1', type: 'Dedicated' }],
    });
    for (const [index, user] of ['ada', 'bob', 'cyd'].entries()) {
      await world.ask('assign-license', { serialNumber: 'BCD'[index], user });
    }
    await world.ask('assign-license', { serialNumber: 'A', user: 'dan' });

    const plan = await expectDone(world.ask('plan-renewal', REQUEST));
    const { text } = (await world.ask('get-renewal', { renewalId: 'r1', format: 'text' })) as { text: string };
    const unnamed = await world.ask('approve-renewal', { renewalId: 'r1', acceptedShortfall: ['B', 'C'] });
    const others = await world.ask('approve-renewal', {
      renewalId: 'r1',
      acceptedShortfall: ['B', 'C', 'D', 'A', 'X'],
    });

    expect(plan.shortfall).toEqual([
      {
        class: { type: 'dedicated', access: 'write', modules: 'all' },
        folder: 'Finance',
        licenses: ['ada', 'bob', 'cyd'].map((user, index) => ({
          serialNumber: 'BCD'[index],
          user,
          name: `${user} of Finance`,
          expiresOn: '2026-03-31',
          withoutFrom: '2026-04-01',
        })),
        instead: [],
      },
    ]);
    expect(text).toContain('Without a replacement:');
    expect(text).toContain('3 licenses, dedicated write, all modules, in Finance: B (ada), C (bob), D (cyd)');
    expect(unnamed).toMatchObject(refusal('invalid-request', { shortfall: [{ serialNumber: 'D', user: 'cyd' }] }));
    expect(unnamed).toMatchObject({
      error: { message: expect.stringContaining('missing are D (cyd is without it from 2026-04-01)') },
    });
    expect(others).toMatchObject(refusal('invalid-request'));
    expect(others).toMatchObject({ error: { message: expect.stringMatching(/others are A, X$/) } });
    expect(await world.view()).toMatchObject({ status: 'planned' });
    expect(await world.ask('approve-renewal', { renewalId: 'r1', acceptedShortfall: ['B', 'C', 'D'] })).toMatchObject({
      status: 'approved',
      approved: { actor: 'olga', acceptedShortfall: 3 },
    });
  });

  it('serves users who may work before those without access, and a first license before a second, and names both', async () => {
    const world = await aRenewalWorld({
      licenses: ['D1', 'D2', 'D3', 'D4'].map((serialNumber) => old(serialNumber, DEDICATED)),
      cards: [
        aUserCard({ user: 'leaver', level: 'no-access' }),
        aUserCard({ user: 'twice', name: 'Tom Wise' }),
        aUserCard({ user: 'ada' }),
      ],
      file: ['N1', 'N2', 'N3'].map((serialNumber) => ({ serialNumber, type: 'Dedicated' })),
    });
    for (const [serialNumber, user] of [
      ['D1', 'leaver'],
      ['D2', 'twice'],
      ['D3', 'twice'],
      ['D4', 'ada'],
    ]) {
      await world.ask('assign-license', { serialNumber, user });
    }

    const plan = await expectDone(world.ask('plan-renewal', REQUEST));

    expect(plan.rows.map((row) => [row.old, row.outcome, row.doubt])).toEqual([
      ['D2', 'replaced', undefined],
      ['D4', 'replaced', undefined],
      ['D3', 'replaced', 'second-license'],
      ['D1', 'shortfall', 'no-access'],
    ]);
    expect(plan).toMatchObject({
      usersWithoutAccess: [{ serialNumber: 'D1', user: 'leaver' }],
      secondLicenses: [{ serialNumber: 'D3', user: 'twice', name: 'Tom Wise' }],
    });
  });

  it('says what is free for those who lose their license, beyond its last day', async () => {
    const world = await aRenewalWorld({
      licenses: [
        old('D1', DEDICATED),
        aLicense({ serialNumber: 'F1' }),
        aLicense({ serialNumber: 'F2', folderId: 'finance' }),
        aLicense({ serialNumber: 'F3', expiresOn: '2026-03-31' }),
        aLicense({ serialNumber: 'R1', access: 'read' }),
        aLicense({ serialNumber: 'M1', modules: 'CMDB' }),
        aLicense({ serialNumber: 'S1', folderId: 'sales' }),
      ],
      cards: [aUserCard()],
      file: [{ serialNumber: 'N1', type: 'Floating' }],
    });
    await world.ask('assign-license', { serialNumber: 'D1', user: 'ada' });

    const { expiringOnOrBefore: _, ...request } = REQUEST;
    const plan = await expectDone(world.ask('plan-renewal', { ...request, serialNumbers: ['D1'] }));

    expect(plan.shortfall).toMatchObject([
      {
        licenses: [{ serialNumber: 'D1', user: 'ada' }],
        instead: [{ folder: '', type: 'floating', access: 'write', free: 2 }],
      },
    ]);
  });

  it('ends by its TTL after 90 days, unless it is started', async () => {
    const world = await aWorldToPlan();
    const ttls = () => world.table.items().flatMap(({ pk, ttl }) => (pk.startsWith('R#acme#r1') ? [ttl] : []));
    const { plannedAt, shortfall } = await expectDone(world.ask('plan-renewal', REQUEST));
    const end = epochSeconds(plus(plannedAt, 90 * DAY));

    expect(new Set(ttls())).toEqual(new Set([end]));
    const acceptedShortfall = shortfall.flatMap(({ licenses }) => licenses.map(({ serialNumber }) => serialNumber));
    await expectDone(world.ask('approve-renewal', { renewalId: 'r1', acceptedShortfall }));
    expect(new Set(ttls())).toEqual(new Set([end]));
    await expectDone(world.ask('start-renewal', { renewalId: 'r1' }));

    expect(new Set(ttls())).toEqual(new Set([undefined]));
  });

  it('is not started, and no page of it is created again, after its TTL has deleted a page', async () => {
    const world = await aWorldToPlan();
    await world.approve(REQUEST);
    const items = () => world.table.items().filter(({ pk }) => pk.startsWith('R#acme#r1'));
    const page = items().find(({ sk }) => sk.startsWith('PLAN#'))!;
    const renewal = renewalOf(items().find(({ sk }) => sk === 'RENEWAL')!);
    await world.table.write([{ delete: { pk: page.pk, sk: page.sk } }]);
    const before = items();

    await expect(keepPlan(world.table, renewal)).rejects.toThrow(TryAgain);

    expect(items()).toEqual(before);
  });

  it('is the same when it is made again, except for its time and version', async () => {
    const world = await aWorldToPlan();
    const first = await expectDone(world.ask('plan-renewal', REQUEST));
    world.clock.move(60_000);

    const second = await expectDone(world.ask('plan-renewal', REQUEST));

    const { plannedAt, switchAt, version } = second;
    expect(version).not.toBe(first['version']);
    expect(second).toEqual({ ...first, plannedAt, switchAt, version });
    expect(world.table.items().filter(({ sk }) => sk.startsWith('PLAN#'))).toHaveLength(1);
  });

  it('may be for a list of licenses', async () => {
    const world = await aWorldToPlan();
    const { expiringOnOrBefore: _, ...request } = REQUEST;

    const plan = await expectDone(world.ask('plan-renewal', { ...request, serialNumbers: ['LATER', 'F1'] }));

    expect(plan.rows.map((row) => [row.old, row.new, row.outcome])).toEqual([
      ['F1', 'N2', 'replaced'],
      ['LATER', undefined, 'shortfall'],
      [undefined, 'N1', 'left-over'],
    ]);
    await world.approve({ ...request, serialNumbers: ['LATER', 'F1'] });
    await world.switchAll();
    expect(await world.license('F1')).toMatchObject({ folderId: 'zOld' });
    expect(await world.license('D1')).toMatchObject({ folderId: 'finance' });
  });

  it('uses licenses that are imported already and still free, from the root or the same folder only (R36)', async () => {
    const fresh = (serialNumber: string, facts: Partial<License> = {}) =>
      aLicense({ serialNumber, expiresOn: '2027-03-31', validFrom: '2026-03-01', ...facts });
    const world = await aWorldToPlan(undefined, [
      fresh('N-D', { type: 'dedicated' }),
      fresh('N-HELSINKI', { folderId: 'helsinki' }),
      fresh('N-SALES', { folderId: 'sales' }),
      old('F0', { folderId: 'sales' }),
    ]);
    const { upload: _, ...request } = REQUEST;

    const plan = await expectDone(world.ask('plan-renewal', request));

    expect(plan.rows.map((row) => [row.old, row.new, row.outcome])).toEqual([
      ['D1', 'N-D', 'replaced'],
      ['F0', 'N-SALES', 'replaced'],
      ['F1', undefined, 'shortfall'],
    ]);
    await world.approve(request);
    await world.steps.begin();
    await world.steps.importHeldBack();
    expect(await world.license('N-SALES')).toMatchObject({ heldBackFor: 'r1' });
    expect(await world.license('N-HELSINKI')).not.toHaveProperty('heldBackFor');
    await world.switchAll();
    expect(await world.license('N-D')).toMatchObject({ folderId: 'finance', assignedTo: 'ada' });
    expectInvariants(world.table.items());
  });

  it('with auto-allocate leaves the new licenses free, except those that no login could get (R37)', async () => {
    const module = { ...DEDICATED, modules: 'CMDB', folderId: 'finance' };
    const world = await aWorldToPlan(
      [...NEW, { serialNumber: 'N3', type: 'Dedicated', modules: 'CMDB' }],
      [old('M1', module)],
    );
    await world.ask('assign-license', { serialNumber: 'M1', user: 'bob' });
    await world.approve({ ...REQUEST, mode: 'auto-allocate' });

    await world.switchAll();

    expect(await world.license('N1')).toMatchObject({ folderId: 'finance' });
    expect(await world.license('N1')).not.toHaveProperty('assignedTo');
    expect(await world.license('N3')).toMatchObject({ assignedTo: 'bob' });
    expect(await world.login('ada', { session: 's2' })).toMatchObject({ license: { serialNumber: 'N1' } });
  });

  it.each([
    ['no day and no list', { expiringOnOrBefore: undefined }, 'serialNumbers'],
    ['a day and a list', { serialNumbers: ['F1'] }, 'serialNumbers'],
    ['a license that is not there', { expiringOnOrBefore: undefined, serialNumbers: ['F1', 'NONE'] }, 'NONE'],
    ['an upload of another tenant (F58)', { upload: UPLOAD.replace('acme', 'globex') }, 'tenants/acme/renewals/'],
    ['an upload that is not there', { upload: 'tenants/acme/renewals/none.zip' }, 'no upload'],
    ['an id that is too long', { renewalId: 'r'.repeat(37) }, '36'],
  ])('with %s is refused, and nothing is stored', async (_what, mistake, named) => {
    const world = await aWorldToPlan();
    const given = JSON.parse(JSON.stringify({ ...REQUEST, ...mistake }));

    const answer = await world.ask('plan-renewal', given);

    expect(answer).toMatchObject(refusal('invalid-request'));
    expect(JSON.stringify(answer)).toContain(named);
    expect(world.table.items().filter(({ pk }) => pk.startsWith('R#'))).toEqual([]);
  });

  it('of a file that cannot be used names its faults', async () => {
    const world = await aWorldToPlan([{ serialNumber: 'N', type: 'Sometimes' }]);

    const answer = await world.ask('plan-renewal', REQUEST);

    expect(answer).toMatchObject(
      refusal('invalid-request', { faults: [{ place: expect.stringContaining('upload, ') }] }),
    );
  });
});

describe('an approval', () => {
  type CommandWorld = Awaited<ReturnType<typeof aWorldToPlan>>;
  const CHANGES: readonly [what: string, change: (world: CommandWorld) => Promise<unknown>, difference: object][] = [
    ['the holder', ({ admin }) => admin.assign('D1', 'bob'), { what: 'holder', serialNumber: 'D1', planned: 'ada' }],
    ['the folder', ({ admin }) => admin.move('F1', 'finance'), { what: 'folder', serialNumber: 'F1', now: 'finance' }],
    [
      'the term',
      ({ admin }) =>
        admin.change('F1', { event: 'change-term', term: { validFrom: '2026-01-15', expiresOn: '2026-03-30' } }),
      { what: 'term', serialNumber: 'F1' },
    ],
    ['a license deleted', ({ ask }) => ask('delete-license', { serialNumber: 'F1' }), { what: 'no-longer-expiring' }],
    ['a license in zOld', ({ admin }) => admin.move('F1', 'zOld'), { what: 'no-longer-expiring', serialNumber: 'F1' }],
    [
      'a later term',
      ({ admin }) => admin.change('F1', { event: 'change-term', term: { validFrom: '2026-01-15' } }),
      { what: 'no-longer-expiring', serialNumber: 'F1' },
    ],
    [
      'a license that is newly expiring',
      ({ admin }) =>
        admin.change('LATER', { event: 'change-term', term: { validFrom: '2026-01-15', expiresOn: '2026-03-01' } }),
      { what: 'newly-expiring', serialNumber: 'LATER' },
    ],
    [
      'a card that was removed',
      ({ table }) => table.write([{ delete: { pk: 'U#acme#ada', sk: 'CARD' } }]),
      { what: 'user-card-removed', serialNumber: 'D1', user: 'ada' },
    ],
    ['another upload', ({ upload }) => upload([{ serialNumber: 'X' }]), { what: 'upload' }],
  ];

  it.each(CHANGES)(
    'is refused with the difference when this changed since: %s (R35)',
    async (_what, change, difference) => {
      const world = await aWorldToPlan();
      await expectDone(world.ask('plan-renewal', REQUEST));
      if (difference && 'planned' in difference) await world.logout('ada');
      await change(world);

      const answer = await world.ask('approve-renewal', { renewalId: 'r1' });

      expect(answer).toMatchObject(refusal('conflict', { differences: [difference] }));
      expect((await world.view()).status).toBe('planned');
    },
  );

  it.each(CHANGES)(
    'does not hold when this changed between it and the start: %s (R35)',
    async (what, change, difference) => {
      const world = await aWorldToPlan();
      await world.approve();
      if (difference && 'planned' in difference) await world.logout('ada');
      await change(world);

      const answer = await world.ask('start-renewal', { renewalId: 'r1' });

      expect(answer).toMatchObject(refusal('conflict', { differences: [difference] }));
      expect(world.executions.started).toEqual([]);
      // The workflow asks by itself, for who starts it by hand; the upload it compares when it imports it.
      if (what !== 'another upload') {
        await expect(world.steps.begin()).rejects.toThrow('have changed since the plan was made');
        await world.steps.stop('RenewalStopped');
        expect(await world.view()).toMatchObject({ status: 'approved', stopped: { name: 'RenewalStopped' } });
      }
    },
  );

  it('is refused when somebody has a replacement meanwhile', async () => {
    const world = await aWorldToPlan(undefined, [
      aLicense({ serialNumber: 'N-D', type: 'dedicated', expiresOn: '2027-03-31' }),
    ]);
    const { upload: _, ...request } = REQUEST;
    await expectDone(world.ask('plan-renewal', request));
    await world.ask('assign-license', { serialNumber: 'N-D', user: 'bob' });

    const answer = await world.ask('approve-renewal', { renewalId: 'r1', acceptedShortfall: ['F1'] });

    expect(answer).toMatchObject(refusal('conflict', { differences: [{ what: 'replacement-taken', now: 'bob' }] }));
  });

  it('stays valid when people only log in and out, because the switch ends no session', async () => {
    const world = await aWorldToPlan();
    await expectDone(world.ask('plan-renewal', REQUEST));
    await world.login('bob');
    await world.logout('ada');

    expect(await world.ask('approve-renewal', { renewalId: 'r1' })).toMatchObject({ status: 'approved' });
    await world.logout('bob');
    expect(await world.ask('start-renewal', { renewalId: 'r1' })).toMatchObject({ renewalId: 'r1' });
  });

  it('is required by the workflow: an execution without it stops, and changes nothing', async () => {
    const world = await aWorldToPlan();
    await expectDone(world.ask('plan-renewal', REQUEST));

    await expect(world.steps.begin()).rejects.toThrow('has not been approved');
    await world.steps.stop('RenewalStopped');

    expect(await world.view()).toMatchObject({ status: 'planned' });
    expect(await world.ask('start-renewal', { renewalId: 'r1' })).toMatchObject(
      refusal('conflict', { status: 'planned' }),
    );
  });

  it('and an undo succeed when only the responses to their writes were lost (F14)', async () => {
    const world = await aWorldToPlan();
    const { table, loseNextAnswer } = forgetfulTable(world.table);
    const ask = world.commandsOn(table);
    const { version: expectedVersion } = await expectDone(ask('plan-renewal', REQUEST));

    loseNextAnswer();
    const approved = await expectDone(ask('approve-renewal', { renewalId: 'r1', expectedVersion }));
    loseNextAnswer();
    const undone = await ask('undo-renewal', { renewalId: 'r1', expectedVersion: approved.version });

    expect([approved, undone]).toMatchObject([{ status: 'approved' }, { status: 'undone' }]);
  });

  it('is removed when the renewal is planned again', async () => {
    const world = await aWorldToPlan();
    await world.approve();

    await expectDone(world.ask('plan-renewal', REQUEST));

    await expect(world.steps.begin()).rejects.toThrow('has not been approved');
  });

  it('still holds when the licenses have expired while it waited (F49)', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    await world.logout('ada');
    world.moveTo('2026-04-02T08:00:00.000Z');

    await world.switchAll();

    expect(await world.license('N1')).toMatchObject({ assignedTo: 'ada', folderId: 'finance' });
    expect((await world.view()).counts).toMatchObject({ replaced: 2 });
    expect(await world.login('ada')).toMatchObject({ outcome: 'assigned', license: { serialNumber: 'N1' } });
  });
});

describe('starting a renewal', () => {
  it('twice starts it once (F38)', async () => {
    const world = await aWorldToPlan();
    await world.approve();

    const [one, other] = await Promise.all([1, 2].map(() => world.ask('start-renewal', { renewalId: 'r1' })));
    await world.switchAll();
    const third = await world.ask('start-renewal', { renewalId: 'r1' });

    expect(world.executions.started).toEqual([{ name: 'acme.r1', input: { tenant: 'acme', renewalId: 'r1' } }]);
    expect([one, other]).toMatchObject([{ renewalId: 'r1' }, { renewalId: 'r1' }]);
    expect(third).toMatchObject({ renewalId: 'r1', progress: { switched: 2 } });
  });

  it('while another one is not over is refused with its id, by the command and by the workflow (R42, F39)', async () => {
    const world = await aWorldToPlan();
    const second = { ...REQUEST, renewalId: 'r2' };
    await world.approve();
    await world.approve(second);
    await expectDone(world.ask('start-renewal', { renewalId: 'r1' }));

    const refused = await world.ask('start-renewal', { renewalId: 'r2' });

    expect(refused).toMatchObject(refusal('renewal-running', { renewalId: 'r1' }));
    await expect(world.stepsOn(world.table, 'r2').begin()).rejects.toThrow('renewal-running: renewal r1');
    await world.stepsOn(world.table, 'r2').stop('RenewalStopped');
    await world.steps.begin();
    expect(await world.ask('undo-renewal', { renewalId: 'r1' })).toMatchObject({ status: 'undoing' });
  });

  it('can be undone after it stopped, and its view still shows why it stopped (R40)', async () => {
    const world = await aWorldToPlan();
    await world.approve();
    await expectDone(world.ask('start-renewal', { renewalId: 'r1' }));
    await world.steps.begin();
    await world.steps.stop('Fault');

    const undone = await world.ask('undo-renewal', { renewalId: 'r1' });

    expect(undone).toMatchObject({ status: 'undoing', stopped: { name: 'Fault' }, rows: expect.any(Array) });
  });

  it('lists the renewals, the latest plan first', async () => {
    const world = await aWorldToPlan();
    await world.ask('plan-renewal', REQUEST);
    world.clock.move(1_000);
    await world.ask('plan-renewal', { ...REQUEST, renewalId: 'r2' });

    expect(await world.ask('list-renewals')).toMatchObject({
      renewals: [
        { renewalId: 'r2', status: 'planned', rows: 2 },
        { renewalId: 'r1', status: 'planned', upload: UPLOAD },
      ],
    });
  });

  it.each(['approve-renewal', 'start-renewal', 'resume-renewal', 'undo-renewal', 'get-renewal'])(
    '%s of an unknown renewal says so',
    async (command) => {
      const world = await aWorldToPlan();

      expect(await world.ask(command, { renewalId: 'none' })).toMatchObject(refusal('unknown-renewal'));
    },
  );
});
