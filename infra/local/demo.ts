import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, connect } from './client.ts';
import { startLocalStack } from './local-stack.ts';
import { licenseZip } from './sample-files.ts';
import { TENANT } from './sample-people.ts';
import { makeTenant, sampleFiles } from './seed.ts';

/** Prints each step of the demo. The first fact that differs from what the demo says ends it with exit code 1. */
const say = (text = ''): void => console.log(text);

const fact = (told: string, actual: unknown, expected: unknown): void => {
  deepStrictEqual(actual, expected, `not as told: ${told}`);
  say(`  ✓ ${told}`);
};

const dir = mkdtempSync(join(tmpdir(), 'esm-license-demo-'));
const began = performance.now();
let stop = async (): Promise<void> => {};
try {
  say('A year with the license service, on a local stack of its own.\n');
  const stack = await startLocalStack({ dir, port: 0, fresh: true });
  stop = stack.stop;
  await tellTheYear(connect(stack.endpoints));
  say(`\nEvery fact above was checked. ${((performance.now() - began) / 1000).toFixed(1)} s.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await stop();
  rmSync(dir, { recursive: true, force: true });
}
process.exit();

async function tellTheYear(client: ReturnType<typeof connect>): Promise<void> {
  const { invoke, upload, reportOf, moveClock, runDue } = client;
  const administer = (command: string, members: Answer = {}) =>
    invoke('administer', { tenant: TENANT, actor: 'demo', command, ...members });
  const login = (user: string, session = `${user}-1`) => invoke('login', { tenant: TENANT, user, session });
  const logout = (user: string, session = `${user}-1`) => invoke('end-session', { tenant: TENANT, user, session });
  const license = (serialNumber: string) => administer('get-license', { serialNumber });
  const { licenses, renewal } = sampleFiles(2026);

  say('8 January 2026. The administrator sets up the tenant and uploads the zip that the vendor sent.');
  await moveClock({ now: '2026-01-08T07:00:00.000Z' });
  await makeTenant(client);
  const key = `tenants/${TENANT}/uploads/licenses-2026.zip`;
  await upload(key, await licenseZip(licenses));
  const report = await reportOf(key);
  fact('the report beside the upload says: accepted', report['status'], 'accepted');
  fact('13 licenses were added, all of them to the root', report['counts'], {
    added: 13,
    termChanged: 0,
    unchanged: 0,
    stale: 0,
    conflict: 0,
    deletedBefore: 0,
  });

  say('\nHe moves two floating licenses to Finance, and assigns a dedicated one to Dan.');
  await administer('move-licenses', { serialNumbers: ['F1001', 'F1002'], folder: 'Finance' });
  const assigned = await administer('assign-license', { serialNumber: 'D1001', user: 'dan' });
  fact('D1001 is assigned to dan', [assigned['state'], assigned['assignedTo']], ['assigned', 'dan']);

  say('\nThe first users log in. Each answer says why.');
  const ada = await login('ada');
  fact(
    'ada, of Finance, gets a floating license of her folder',
    [ada['outcome'], ada['step']],
    ['allocated', 'floating-in-folder'],
  );
  const hal = await login('hal');
  fact(
    'hal, of Sales, finds none in his folder and gets one of the root',
    [hal['outcome'], hal['step']],
    ['allocated', 'floating-in-root'],
  );
  say(`    his receipt: ${JSON.stringify(hal['steps'])}`);
  const dan = await login('dan');
  fact('dan uses the license that is his', [dan['outcome'], serial(dan)], ['assigned', 'D1001']);
  const again = await login('ada', 'ada-2');
  fact('ada’s second session takes no second license', [again['outcome'], serial(again)], ['continued', serial(ada)]);

  say(
    '\nWhen the floating ones are gone, dedicated ones are given; when those are gone, a login is denied, and says why.',
  );
  const others = ['bob', 'cyd', 'eve', 'fay', 'gus', 'ida', 'joe', 'kim', 'lea'];
  const answers = [];
  for (const user of others) answers.push(await login(user));
  const allocated = answers.filter((answer) => answer['outcome'] === 'allocated').length;
  fact('of nine more users, seven get a license and two are denied', [allocated, answers.length - allocated], [7, 2]);
  fact('kim is told that no license is free', answers[7]?.['reason'], 'no-free-license');

  say('\nAda logs out of one session, then of the other.');
  const first = await logout('ada', 'ada-2');
  fact('after the first logout her license is still in use', first['nowFree'], false);
  const last = await logout('ada', 'ada-1');
  fact('after the last one it is free again', last, { ended: 1, license: serial(ada), nowFree: true });
  const cyd = await login('cyd', 'cyd-2');
  fact('cyd, who has a session, keeps hers and leaves it alone', cyd['outcome'], 'continued');
  const kim = await login('kim', 'kim-2');
  fact('kim, of Sales, may not take it: it belongs to Finance', kim['reason'], 'no-free-license');

  say('\nThe administrator releases dan’s license while he works on it.');
  const releasing = await administer('release-license', { serialNumber: 'D1001' });
  fact(
    'it is releasing, and dan goes on working',
    [releasing['state'], releasing['currentUser']],
    ['releasing', 'dan'],
  );
  const after = await logout('dan');
  fact('it is free when he logs out', [after['license'], after['nowFree']], ['D1001', true]);
  const taken = await login('kim', 'kim-3');
  fact(
    'now kim gets it',
    [taken['outcome'], taken['step'], serial(taken)],
    ['allocated', 'dedicated-in-root', 'D1001'],
  );

  say('\nEverybody goes home without logging out. Nothing tells the service; the idle time of 8 hours does.');
  await moveClock({ advance: 'PT8H5M' });
  await runDue();
  const state = await license(serial(hal));
  fact('hal’s floating license is free again', state['state'], 'free');
  fact('kim’s dedicated one stays hers', (await license('D1001'))['assignedTo'], 'kim');

  say('\n21 December 2026. The licenses of 2027 lie under renewals/; they began on the 15th. Kim and hal are at work.');
  await moveClock({ now: '2026-12-21T08:00:00.000Z' });
  await runDue();
  const kimBefore = await login('kim', 'kim-december');
  const halBefore = await login('hal', 'hal-december');
  const renewalKey = `tenants/${TENANT}/renewals/licenses-2027.zip`;
  await upload(renewalKey, await licenseZip(renewal));
  const plan = await administer('plan-renewal', {
    renewalId: '2027',
    expiringOnOrBefore: '2026-12-31',
    upload: renewalKey,
  });
  fact('the plan has a replacement for each of the 13 licenses', plan['counts'], {
    replaced: 13,
    extended: 0,
    shortfall: 0,
    leftOver: 0,
    deleted: 0,
    stillInUse: 0,
  });
  fact('and names the users who work on an old one today', waiting(plan), ['hal', 'kim']);
  const approved = await administer('approve-renewal', { renewalId: '2027' });
  fact('it is approved', approved['status'], 'approved');
  await administer('start-renewal', { renewalId: '2027' });
  await runDue();
  const running = await administer('get-renewal', { renewalId: '2027' });
  fact(
    'every license has been switched, and the renewal waits for the next day',
    running['status'],
    'waiting-for-cleanup',
  );
  const zOld = await listed(administer, 'zOld');
  fact('the 13 old licenses are in zOld', zOld.length, 13);
  fact(
    'kim works on the old one, and owns its replacement',
    [serial(kimBefore), (await license('D2001'))['assignedTo']],
    ['D1001', 'kim'],
  );
  const moved = await login('kim', 'kim-next');
  fact('at her next login she moves to it', [moved['outcome'], serial(moved)], ['assigned', 'D2001']);

  say('\nThe next day at 3 o’clock in Helsinki zOld is cleaned up. Hal works through the night.');
  await moveClock({ now: '2026-12-22T00:30:00.000Z' });
  await invoke('login', { tenant: TENANT, user: 'hal', session: 'hal-december', kind: 'activity' });
  await moveClock({ now: '2026-12-22T01:00:01.000Z' });
  await runDue();
  const left = await listed(administer, 'zOld');
  fact('zOld holds only what hal works on', left, [serial(halBefore)]);
  await logout('hal', 'hal-december');
  await moveClock({ advance: 'P1D' });
  await runDue();
  fact('a day later, after his logout, zOld is empty', await listed(administer, 'zOld'), []);
  const finished = await administer('get-renewal', { renewalId: '2027' });
  fact('the renewal is finished', finished['status'], 'finished');
  fact('and its counts say what it did', finished['counts'], {
    replaced: 13,
    extended: 0,
    shortfall: 0,
    leftOver: 0,
    deleted: 13,
    stillInUse: 0,
  });
  const audit = await administer('audit');
  fact('an audit finds 13 licenses and no contradiction', [audit['licenses'], audit['violations']], [13, []]);
}

/** The users who work on licenses that are to be replaced. */
function waiting({ waitsInZOld }: Answer): readonly string[] {
  return Array.isArray(waitsInZOld) ? waitsInZOld.map((one: Answer) => `${one['user']}`).toSorted() : [];
}

function serial(receipt: Answer): string {
  const { license } = receipt;
  return typeof license === 'object' && license !== null && 'serialNumber' in license ? `${license.serialNumber}` : '';
}

async function listed(
  administer: (command: string, members: Answer) => Promise<Answer>,
  folder: string,
): Promise<readonly string[]> {
  const { licenses } = await administer('list-licenses', { folder });
  return Array.isArray(licenses) ? licenses.map((one: Answer) => `${one['serialNumber']}`) : [];
}
