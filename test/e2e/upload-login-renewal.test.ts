import { ExecutionAlreadyExists } from '@aws-sdk/client-sfn';
import jszip from 'jszip';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { licensesAlike, licenseZip } from '../../infra/local/sample-files.ts';
import type { Callers } from './license-service/callers.ts';
import * as contract from './license-service/contract-shapes.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

const TERM = { validFrom: '2025-12-15', expiryDate: '2026-12-31' } as const;
const NEXT_TERM = { validFrom: '2026-12-15', expiryDate: '2027-12-31' } as const;
const ISSUED = '2025-12-10';
const NEXT_ISSUED = '2026-12-10';
const EXPIRING = '2026-12-31';
const NOTHING = { added: 0, termChanged: 0, unchanged: 0, stale: 0, conflict: 0, deletedBefore: 0 };

let stack: Awaited<ReturnType<typeof peacefulStack>>;
let callers: Callers;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-12-21T08:00:00.000Z' });
  callers = stack;
});
afterAll(() => stack.stop());

const floating = (count: number, first = 'F1001') => licensesAlike(count, first, { type: 'Floating', ...TERM });
const dedicated = (count: number, first = 'D1001') => licensesAlike(count, first, { type: 'Dedicated', ...TERM });

/** The `license.xml` of a zip such as the vendor sends. */
async function xmlFor(tenant: string): Promise<string> {
  const licenses = [...floating(2), ...dedicated(1)];
  const zip = await jszip.loadAsync(await licenseZip({ customer: tenant, issued: ISSUED, licenses }));
  return zip.files['license.xml']!.async('text');
}

describe('an upload', () => {
  test('of a zip is imported to the root, and reported beside it and by get-import alike', async () => {
    const owner = callers.of('zip');
    await owner.create();

    const key = await owner.send('licenses 2026.zip', { issued: ISSUED, licenses: [...floating(2), ...dedicated(1)] });

    const report = await owner.reportOn(key);
    expect(report).toMatchObject({ tenant: 'zip', key, status: 'accepted', issued: ISSUED, ignored: [], faults: [] });
    expect(report.counts).toEqual({ ...NOTHING, added: 3 });
    expect(report.licenses).toEqual(
      ['F1001', 'F1002', 'D1001'].map((serialNumber) => ({ serialNumber, outcome: 'added' })),
    );
    expect(contract.importReportPage.parse(await owner.done('get-import', { key }))).toEqual(report);
    expect(await owner.done('get-import', { importId: report.importId })).toEqual(report);
    expect(contract.licenses.parse(await owner.done('list-licenses')).licenses).toMatchObject([
      { serialNumber: 'D1001', type: 'dedicated', folder: '', state: 'free', expiresOn: '2026-12-31' },
      { serialNumber: 'F1001', type: 'floating', folder: '', state: 'free' },
      { serialNumber: 'F1002' },
    ]);
  });

  test('of the same bytes elsewhere changes nothing, and names the first', async () => {
    const owner = callers.of('again');
    await owner.create();
    const file = await licenseZip({ customer: 'again', issued: ISSUED, licenses: floating(2) });
    const [first, second] = ['first', 'second'].map((name) => `tenants/again/uploads/${name}.zip`) as [string, string];
    await callers.upload(first, file);
    const { importId } = await owner.reportOn(first);

    await callers.upload(second, file);

    expect(await owner.reportOn(second)).toMatchObject({ sameAs: importId, counts: { ...NOTHING, unchanged: 2 } });
  });

  test('of a bare license.xml is imported too, to the folder that its metadata names', async () => {
    const owner = callers.of('xml');
    await owner.create('Finance');
    const key = 'tenants/xml/uploads/license.xml';

    await callers.upload(key, await xmlFor('xml'), { folder: 'Finance' });

    expect(await owner.reportOn(key)).toMatchObject({ status: 'accepted', counts: { ...NOTHING, added: 3 } });
    expect(await owner.licenses({ folder: 'Finance' })).toHaveLength(3);
  });

  test('with faults is rejected as a whole, and the report names each with its place', async () => {
    const owner = callers.of('faulty');
    await owner.create();
    const key = 'tenants/faulty/uploads/license.xml';
    const xml = (await xmlFor('faulty')).replace('>Floating<', '>Fleeting<').replace('>F1002<', '>D1001<');

    await callers.upload(key, xml);

    const report = await owner.reportOn(key);
    expect(report).toMatchObject({ status: 'rejected', counts: NOTHING, licenses: [] });
    expect(report.faults.map(({ place, text }) => `${place}: ${text}`)).toEqual([
      expect.stringContaining('Fleeting'),
      expect.stringContaining('D1001'),
    ]);
    expect(await owner.licenses()).toEqual([]);
  });

  test.each([
    ['notes.txt', 'Dear customer, please find attached …'],
    ['broken.zip', 'PK\u0003\u0004 and no more'],
    ['product_license.xml', '<productLicense host="esm.example"/>'],
  ])('that is not a license file gets a report that says what it is: %s', async (name, body) => {
    const owner = callers.of('other');
    await owner.create();
    const key = `tenants/other/uploads/${name}`;

    await callers.upload(key, body);

    const report = await owner.reportOn(key);
    expect(report.status).toBe('rejected');
    expect(report.faults).not.toEqual([]);
    expect(await callers.read(`${key}.report.json.report.json`)).toBeUndefined();
  });
});

describe('the functions answer as the contract says', () => {
  test('login and end-session', async () => {
    const owner = callers.of('login');
    await owner.create('Finance');
    await owner.reportOn(
      await owner.send('licenses.zip', { issued: ISSUED, licenses: [...floating(2), ...dedicated(1)] }),
    );
    await owner.move(['F1001'], 'Finance');
    const at = '2026-12-21T07:59:00.000Z';

    const first = await owner.login('ada', { session: 'a1', claims: { folder: 'Finance', name: 'Ada' }, at });
    expect(first).toEqual({
      outcome: 'allocated',
      license: { serialNumber: 'F1001', type: 'floating', access: 'write', modules: 'all', folder: 'Finance' },
      step: 'floating-in-folder',
      steps: [{ step: 'floating-in-folder', seen: 1, more: false, taken: true }],
      attempts: 1,
      user: 'ada',
      session: 'a1',
      at,
    });
    expect(await owner.login('ada', { session: 'a2' })).toMatchObject({ outcome: 'continued', steps: [] });
    expect(await owner.login('bob', { session: null })).toMatchObject({ step: 'floating-in-root', session: null });
    const cyd = await owner.login('cyd', { claims: { folder: 'Finance' } });
    expect(cyd.steps.map(({ step, seen, taken }) => [step, seen, taken])).toEqual([
      ['floating-in-folder', 0, false],
      ['floating-in-root', 0, false],
      ['dedicated-in-folder', 0, false],
      ['dedicated-in-root', 1, true],
    ]);
    expect(await owner.login('dan')).toMatchObject({ outcome: 'denied', reason: 'no-free-license' });
    const stranger = await callers.invoke('login', { tenant: 'nobody', user: 'eve' });
    expect(contract.receipt.parse(stranger)).toMatchObject({ outcome: 'denied', reason: 'unknown-tenant', steps: [] });

    expect(contract.endedSessions.parse(await owner.logout('ada', { session: 'a2' }))).toEqual({
      ended: 1,
      license: 'F1001',
      nowFree: false,
    });
    expect(await owner.logout('ada', { session: 'a1' })).toEqual({ ended: 1, license: 'F1001', nowFree: true });
    expect(contract.endedSessions.parse(await owner.logout('ada'))).toMatchObject({ ended: 0 });
    expect(contract.endedSessions.parse(await owner.logout('cyd'))).toEqual({
      ended: 1,
      license: 'D1001',
      nowFree: false,
    });
    expect(await owner.login('cyd', { session: 'c2' })).toMatchObject({ outcome: 'assigned', steps: [] });
    expect(await owner.login('ada', { session: 'a1', at })).toMatchObject({ reason: 'session-ended' });
    await owner.audit();
  });

  test('a caller’s mistake gets an answer and never a function error', async () => {
    for (const [name, payload] of [
      ['login', { tenant: 'Not A Tenant', user: 'ada' }],
      ['login', {}],
      ['end-session', { tenant: 'nobody', user: 'ada' }],
      ['administer', { tenant: 'nobody', actor: 'anna', command: 'audit' }],
      ['administer', { tenant: 'nobody', actor: 'anna', command: 'dance' }],
    ] as const) {
      const { error } = contract.error.parse(await callers.invoke(name, payload));
      expect(['invalid-request', 'unknown-tenant']).toContain(error.code);
    }
  });

  test('administer, command by command', async () => {
    const owner = callers.of('shapes');
    const settings = { customers: ['shapes'], timeZone: 'Europe/Helsinki', cleanupHour: 4 };
    expect(contract.tenantAnswer.parse(await owner.administer('create-tenant', { settings }))).toMatchObject({
      tenant: 'shapes',
      settings: { cleanupHour: 4, environment: 'cloud', idleTimeout: 'PT8H', setAsideWarningDays: 7 },
    });
    const changed = await owner.administer('update-tenant', { settings: { cleanupHour: 3 } });
    expect(contract.tenantAnswer.parse(changed)).toMatchObject({ settings: { cleanupHour: 3 } });
    expect(await owner.administer('create-folder', { folder: 'Finance' })).toEqual({ folder: 'Finance' });
    expect(await owner.administer('rename-folder', { folder: 'Finance', newPath: 'Money' })).toEqual({
      folder: 'Money',
    });
    const card = { name: 'Ada', folder: 'Money', access: 'write', level: 'normal' };
    expect(contract.userCard.parse(await owner.administer('put-user-card', { user: 'ada', card }))).toMatchObject({
      user: 'ada',
      ...card,
      assignedLicenses: [],
      sessions: [],
    });
    await owner.reportOn(
      await owner.send('licenses.zip', { issued: ISSUED, licenses: [...floating(1), ...dedicated(2)] }),
    );

    const assigned = await owner.administer('assign-license', { serialNumber: 'D1001', user: 'ada' });
    expect(contract.license.parse(assigned)).toMatchObject({ state: 'assigned', assignedTo: 'ada', folder: '' });
    await owner.login('ada', { session: 'a1' });
    const releasing = await owner.administer('release-license', { serialNumber: 'D1001' });
    expect(contract.license.parse(releasing)).toMatchObject({ state: 'releasing', currentUser: 'ada' });
    const own = contract.userCard.parse(await owner.administer('get-user-card', { user: 'ada' }));
    expect(own).toMatchObject({
      currentLicense: { serialNumber: 'D1001', state: 'releasing' },
      sessions: [{ session: 'a1' }],
      lastReceipt: { outcome: 'assigned' },
    });
    expect(contract.endedSessions.parse(await owner.administer('disconnect', { user: 'ada' }))).toEqual({
      ended: 1,
      license: 'D1001',
      nowFree: true,
    });

    const moved = await owner.administer('move-licenses', { serialNumbers: ['D1002', 'X9'], folder: 'zOld' });
    expect(contract.moved.parse(moved).results).toMatchObject([
      { serialNumber: 'D1002', moved: true },
      { serialNumber: 'X9', moved: false, error: { code: 'unknown-license' } },
    ]);
    const inZOld = contract.license.parse(await owner.administer('get-license', { serialNumber: 'D1002' }));
    expect(inZOld).toMatchObject({ state: 'set-aside', folder: 'zOld' });
    expect(contract.deleted.parse(await owner.administer('delete-license', { serialNumber: 'D1002' }))).toEqual({
      deleted: true,
    });
    const restored = await owner.administer('restore-license', { serialNumber: 'D1002' });
    expect(contract.license.parse(restored).serialNumber).toBe('D1002');

    expect(contract.folders.parse(await owner.administer('list-folders')).folders).toContainEqual({
      folder: 'Money',
      licenses: 0,
      userCards: 1,
    });
    expect(contract.userCards.parse(await owner.administer('list-user-cards')).userCards).toHaveLength(1);
    const page = contract.licenses.parse(await owner.administer('list-licenses', { sortBy: 'expiresOn', limit: 2 }));
    expect(page.licenses).toHaveLength(2);
    const next = await owner.administer('list-licenses', { sortBy: 'expiresOn', limit: 2, cursor: page.cursor });
    expect(contract.licenses.parse(next).licenses).toHaveLength(1);
    const explained = await owner.administer('explain-login', { user: 'nobody-yet' });
    expect(explained).toMatchObject({ outcome: 'allocated', step: 'floating-in-root', hasUserCard: false });
    expect(contract.auditReport.parse(await owner.administer('audit'))).toMatchObject({ licenses: 3, violations: [] });

    for (const [command, members, code] of [
      ['get-license', { serialNumber: 'X9' }, 'unknown-license'],
      ['get-user-card', { user: 'nobody-yet' }, 'unknown-user'],
      ['get-import', { key: 'tenants/shapes/uploads/none.zip' }, 'unknown-import'],
      ['get-renewal', { renewalId: 'none' }, 'unknown-renewal'],
      ['list-licenses', { folder: 'Nowhere' }, 'unknown-folder'],
      ['assign-license', { serialNumber: 'F1001', user: 'ada' }, 'not-dedicated'],
      ['release-license', { serialNumber: 'D1001', expectedVersion: 1 }, 'stale-version'],
      ['put-user-card', { user: 'ada', card: { folder: 'zOld' } }, 'user-card-in-z-old'],
      ['list-licenses', { limit: 0 }, 'invalid-request'],
    ] as const) {
      const { error } = contract.error.parse(await owner.administer(command, members));
      expect(error.code, command).toBe(code);
    }
  });
});

describe('a renewal', () => {
  /** A tenant with four licenses that end with the year, their replacements under `renewals/`. */
  async function expiringTenant(tenant: string) {
    const owner = callers.of(tenant);
    await owner.create('Finance');
    const licenses = [...floating(2), ...dedicated(2)];
    await owner.reportOn(await owner.send('2026.zip', { issued: ISSUED, licenses }));
    const next = [
      ...licensesAlike(2, 'F2001', { type: 'Floating', ...NEXT_TERM }),
      ...licensesAlike(3, 'D2001', { type: 'Dedicated', ...NEXT_TERM }),
    ];
    const upload = await owner.send('2027.zip', { issued: NEXT_ISSUED, licenses: next }, 'renewals');
    return { owner, request: { renewalId: '2027', expiringOnOrBefore: EXPIRING, upload } };
  }

  const NEXT = ['Find what comes next', 'What comes next?'];
  const STEPS_TO_THE_WAIT = [
    'Begin the approved renewal',
    'Forward or back?',
    'Import the new licenses held back',
    ...NEXT,
    "Wait until the new licenses' terms begin",
    'Switch the licenses batch by batch',
    'Switch one batch of licenses',
    ...NEXT,
    "Wait for the next day's cleanup",
  ];
  const CLEANUP = ['Clean up zOld batch by batch', 'Clean up one batch', ...NEXT];

  test('finishes when the clock is moved, and its history shows its states', async () => {
    const { owner, request } = await expiringTenant('renewal');
    await owner.move(['D1001'], 'Finance');
    await owner.done('put-user-card', { user: 'ada', card: { folder: 'Finance' } });
    await owner.done('assign-license', { serialNumber: 'D1001', user: 'ada' });
    expect(await owner.login('ada', { session: 'late' })).toMatchObject({ outcome: 'assigned' });

    const input = await owner.approved(request);
    const arn = await callers.start(input);
    expect(await callers.start(input)).toBe(arn);
    await callers.runDue();

    const waiting = contract.renewal.parse(await owner.done('get-renewal', { renewalId: '2027' }));
    expect(waiting.status).toBe('waiting-for-cleanup');
    expect(await callers.statesOf(arn)).toEqual(STEPS_TO_THE_WAIT);
    expect((await callers.describe(arn)).status).toBe('RUNNING');
    expect(await owner.licenses({ folder: 'zOld' })).toHaveLength(4);
    const [hers] = await owner.licenses({ folder: 'Finance' });
    expect(hers).toMatchObject({ assignedTo: 'ada', state: 'assigned' });
    expect(contract.userCard.parse(await owner.done('get-user-card', { user: 'ada' }))).toMatchObject({
      currentLicense: { serialNumber: 'D1001', state: 'releasing', folder: 'zOld' },
      assignedLicenses: [{ serialNumber: hers?.['serialNumber'] }],
    });

    // Ada works through the night: the cleanup hour of Helsinki is 01:00 in UTC.
    await callers.moveClock({ now: '2026-12-22T00:55:00.000Z' });
    await owner.login('ada', { session: 'late', kind: 'activity' });
    await callers.moveClock({ now: '2026-12-22T01:00:01.000Z' });
    await callers.runDue();
    expect((await callers.describe(arn)).status).toBe('RUNNING');
    expect(await owner.licenses({ folder: 'zOld' })).toMatchObject([{ serialNumber: 'D1001' }]);

    expect(await owner.logout('ada', { session: 'late' })).toMatchObject({ ended: 1, license: 'D1001' });
    await callers.moveClock({ advance: 'P1D' });
    await callers.runDue();

    const { status, output = '' } = await callers.describe(arn);
    expect(status).toBe('SUCCEEDED');
    const counts = { replaced: 4, extended: 0, shortfall: 0, leftOver: 1, deleted: 4, stillInUse: 0 };
    expect(contract.renewalOutput.parse(JSON.parse(output))).toEqual({ renewalId: '2027', status: 'finished', counts });
    expect(await callers.statesOf(arn)).toEqual([
      ...STEPS_TO_THE_WAIT,
      ...CLEANUP,
      "Wait for the next day's cleanup",
      ...CLEANUP,
      'Count what came of it',
      'The renewal is finished',
    ]);
    expect(contract.renewal.parse(await owner.done('get-renewal', { renewalId: '2027' }))).toMatchObject({
      status: 'finished',
      counts,
    });
    await expect(callers.start(input)).rejects.toThrow(ExecutionAlreadyExists);
    expect(await owner.login('ada')).toMatchObject({ outcome: 'assigned', license: { folder: 'Finance' } });
    expect(await owner.audit()).toMatchObject({ licenses: 5 });
  });

  test.each([
    ['a-day-that-is-none', { expiringOnOrBefore: '31.12.2026' }, 'expiringOnOrBefore'],
    ['an-upload-that-is-not-there', { upload: 'tenants/an-upload-that-is-not-there/renewals/2028.zip' }, 'upload'],
    ['an-upload-of-another-tenant', { upload: 'tenants/renewal/renewals/2027.zip' }, 'renewals/'],
  ])('that is planned with %s is refused, and changes nothing', async (tenant, mistake, named) => {
    const { owner, request } = await expiringTenant(tenant);

    const { error } = contract.error.parse(await owner.administer('plan-renewal', { ...request, ...mistake }));

    expect(error.code).toBe('invalid-request');
    expect(error.message).toContain(named);
    expect(await owner.licenses({ state: 'free' })).toHaveLength(4);
    expect(contract.error.parse(await owner.administer('get-renewal', { renewalId: '2027' })).error.code).toBe(
      'unknown-renewal',
    );
  });

  test('without an approval fails with RenewalStopped when it is started by hand, and stays a plan', async () => {
    const { owner, request } = await expiringTenant('by-hand');
    await owner.done('plan-renewal', request);

    const failed = await callers.start({ tenant: 'by-hand', renewalId: '2027', upload: request.upload });
    await callers.runDue();

    const { status, error, output } = await callers.describe(failed);
    expect({ status, error, output }).toEqual({ status: 'FAILED', error: 'RenewalStopped', output: undefined });
    expect(await owner.done('get-renewal', { renewalId: '2027' })).toMatchObject({ status: 'planned' });
    await owner.done('approve-renewal', { renewalId: '2027' });
    await owner.done('start-renewal', { renewalId: '2027' });
    await callers.runDue();
    expect(await owner.done('get-renewal', { renewalId: '2027' })).toMatchObject({ status: 'waiting-for-cleanup' });
  });

  test('is refused with the other’s id while another one runs, and may run later (R42)', async () => {
    const { owner, request } = await expiringTenant('one-by-one');
    const second = { renewalId: 'second', expiringOnOrBefore: NEXT_TERM.expiryDate };
    const first = await callers.start(await owner.approved(request));
    await callers.runDue();

    const { shortfall } = contract.renewal.parse(await owner.done('plan-renewal', second));
    const short = (shortfall as { licenses: { serialNumber: string }[] }[]).flatMap(({ licenses }) => licenses);
    const acceptedShortfall = short.map(({ serialNumber }) => serialNumber);
    await owner.done('approve-renewal', { renewalId: 'second', acceptedShortfall });
    const { error } = contract.error.parse(await owner.administer('start-renewal', { renewalId: 'second' }));
    expect(error).toMatchObject({ code: 'renewal-running', renewalId: '2027' });

    await callers.moveClock({ advance: 'P1D' });
    await callers.runDue();
    expect((await callers.describe(first)).status).toBe('SUCCEEDED');
    await owner.done('start-renewal', { renewalId: 'second' });
    await callers.runDue();
    expect(await owner.done('get-renewal', { renewalId: 'second' })).toMatchObject({ status: 'waiting-for-cleanup' });
  });

  test('can be undone: everything is as before, and the new licenses are held back (R41)', async () => {
    const { owner, request } = await expiringTenant('undone');
    await owner.move(['D1001'], 'Finance');
    await owner.done('put-user-card', { user: 'ada', card: { folder: 'Finance' } });
    await owner.done('assign-license', { serialNumber: 'D1001', user: 'ada' });
    await owner.login('ada', { session: 'late' });
    const facts = async () =>
      (await owner.licenses()).filter(({ state }) => state !== 'held-back').map(({ version: _, ...fact }) => fact);
    const before = await facts();
    const forward = await callers.start(await owner.approved(request));
    await callers.runDue();
    expect(await owner.licenses({ folder: 'zOld' })).toHaveLength(4);

    await owner.done('undo-renewal', { renewalId: '2027' });
    await callers.runDue();

    expect(await owner.done('get-renewal', { renewalId: '2027' })).toMatchObject({
      status: 'undone',
      progress: { undone: 5, skipped: 0 },
    });
    expect((await callers.describe(forward)).status).toBe('ABORTED');
    expect(await facts()).toEqual(before);
    expect(await owner.licenses({ state: 'held-back' })).toHaveLength(5);
    await owner.audit();
  });
});
