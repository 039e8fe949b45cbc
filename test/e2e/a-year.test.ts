import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike } from '../../infra/local/sample-files.ts';
import type { Callers, Json, TenantCallers } from './license-service/callers.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

const TERM = { validFrom: '2026-01-01', expiryDate: '2026-12-31' } as const;
const NEXT_TERM = { validFrom: '2027-01-01', expiryDate: '2027-12-31' } as const;

let stack: Awaited<ReturnType<typeof peacefulStack>>;
let callers: Callers;
let owner: TenantCallers;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-02-02T08:00:00.000Z' });
  callers = stack;
  owner = callers.of('vuosi');
});
afterAll(() => stack.stop());

const rowsOf = (answer: Json, of = 'results') => answer[of] as readonly Json[];
const expectAllDone = (answer: Json, of = 'results'): void => {
  for (const row of rowsOf(answer, of)) expect(row).toMatchObject({ done: true });
};

test('a year of an administrator: folders, people who left, and a short renewal with floating for dedicated', async () => {
  // Licenses come in February, into a folder with a Finnish name.
  await owner.create('Käyttäjät', 'Henkilöstö/Palkat');
  await owner.done('update-tenant', { settings: { folderClaims: { folders: { HR: 'Henkilöstö/Palkat' } } } });
  const dedicated = licensesAlike(6, 'D1001', { type: 'Dedicated', ...TERM });
  await owner.reportOn(await owner.send('2026.zip', { issued: '2026-01-01', licenses: dedicated }));
  await owner.move(
    dedicated.map(({ serialNumber }) => serialNumber),
    'Käyttäjät',
  );
  for (const [user, folder] of [
    ['aino', 'Käyttäjät'],
    ['bo', 'Käyttäjät'],
    ['cilla', 'Henkilöstö/Palkat'],
    ['daniel', 'Henkilöstö/Palkat'],
    ['elli', 'Käyttäjät'],
  ]) {
    await owner.done('put-user-card', { user, card: { folder, name: `${user} Virtanen` } });
  }
  expectAllDone(await owner.done('assign-each', { to: { users: ['aino', 'bo', 'cilla', 'daniel', 'elli'] } }));

  // In spring the company is reorganized.
  await callers.moveClock({ now: '2026-04-01T08:00:00.000Z' });
  await owner.done('rename-folder', { folder: 'Henkilöstö', newPath: 'Ihmiset' });
  expect(await owner.done('get-tenant')).toMatchObject({
    settings: { folderClaims: { folders: { HR: 'Ihmiset/Palkat' } } },
  });
  const merged = await owner.done('merge-folder', { folder: 'Ihmiset/Palkat', into: 'Käyttäjät' });
  expectAllDone(merged, 'userCards');
  expect(merged).toMatchObject({ more: false });
  const move = { change: { folder: 'Ihmiset' }, to: { users: [{ user: 'cilla' }, { user: 'daniel' }] } };
  expectAllDone(await owner.done('change-user-cards', move));
  expect(await owner.done('get-tenant')).toMatchObject({
    settings: { folderClaims: { folders: { HR: 'Käyttäjät' } } },
  });
  expect(await owner.login('fanni', { claims: { folder: 'HR' } })).toMatchObject({ outcome: 'allocated' });
  expect(await owner.done('get-user-card', { user: 'fanni' })).toMatchObject({ folder: 'Käyttäjät' });

  // In autumn the licenses of people who do not come any more are released, after a look at who they are.
  await callers.moveClock({ now: '2026-10-01T08:00:00.000Z' });
  await callers.runDue();
  for (const user of ['aino', 'bo', 'cilla', 'daniel']) await owner.login(user);
  const inactive = await owner.done('list-inactive', { days: 90 });
  expect(rowsOf(inactive, 'holders')).toMatchObject([
    { user: 'elli', name: 'elli Virtanen' },
    { user: 'fanni', lastSeen: expect.stringMatching(/^2026-04-01/) },
  ]);
  const held = rowsOf(inactive, 'holders').flatMap((holder) => rowsOf(holder, 'licenses'));
  const release = {
    change: { action: 'release' },
    licenses: held.map(({ serialNumber, version }) => ({ serialNumber, expectedVersion: version })),
  };
  expect(await owner.done('change-licenses', { ...release, preview: true })).toMatchObject({ count: 2, done: 2 });
  expectAllDone(await owner.done('change-licenses', release));
  await callers.moveClock({ advance: 'P2D' });
  await callers.runDue();

  // In December a short file comes: two dedicated licenses for four holders, and two floating ones.
  await callers.moveClock({ now: '2026-12-10T08:00:00.000Z' });
  await owner.done('put-user-card', { user: 'daniel', card: { level: 'no-access' } });
  const [free] = await owner.licenses({ state: 'free', type: 'dedicated' });
  await owner.done('assign-license', { serialNumber: free?.['serialNumber'], user: 'bo' });
  const upload = await owner.send(
    '2027.zip',
    {
      issued: '2026-12-05',
      licenses: [
        ...licensesAlike(3, 'D2001', { type: 'Dedicated', ...NEXT_TERM }),
        ...licensesAlike(2, 'F2001', { type: 'Floating', ...NEXT_TERM }),
      ],
    },
    'renewals',
  );
  const request = { renewalId: '2027', expiringOnOrBefore: '2026-12-31', upload };
  const plan = await owner.done('plan-renewal', request);
  const short = rowsOf(plan, 'shortfall').flatMap((group) => rowsOf(group, 'licenses'));
  expect(plan).toMatchObject({
    usersWithoutAccess: [{ user: 'daniel' }],
    secondLicenses: [{ user: 'bo', name: 'bo Virtanen' }],
    counts: { replaced: 3, leftOver: 2 },
  });
  expect(short.flatMap(({ user }) => user ?? [])).toEqual(['bo', 'daniel']);
  expect(short).toContainEqual(expect.objectContaining({ user: 'daniel', withoutFrom: '2027-01-01' }));
  expect(rowsOf(plan, 'shortfall')[0]).toMatchObject({ instead: [{ type: 'floating', access: 'write', free: 2 }] });
  expect(await owner.administer('approve-renewal', { renewalId: '2027' })).toMatchObject({
    error: { message: expect.stringContaining('daniel is without it from 2027-01-01') },
  });
  const acceptedShortfall = short.map(({ serialNumber }) => serialNumber);
  await owner.done('approve-renewal', { renewalId: '2027', acceptedShortfall });
  await owner.done('start-renewal', { renewalId: '2027' });
  await callers.runDue();
  expect(await owner.login('bo')).toMatchObject({ outcome: 'assigned' });
  await owner.logout('bo');

  // The last day passes, the new term begins, and the next days' cleanups run.
  for (const day of [
    '2026-12-31T23:30:00.000Z',
    '2027-01-01T12:00:00.000Z',
    '2027-01-02T12:00:00.000Z',
    '2027-01-03T12:00:00.000Z',
  ]) {
    await callers.moveClock({ now: day });
    await callers.runDue();
  }
  expect(await owner.done('get-renewal', { renewalId: '2027' })).toMatchObject({ status: 'finished' });

  // Nobody is blocked who could be served: daniel works again, on a floating license.
  for (const user of ['aino', 'bo', 'cilla']) {
    expect(await owner.login(user)).toMatchObject({ outcome: 'assigned', license: { type: 'dedicated' } });
  }
  await owner.done('put-user-card', { user: 'daniel', card: { level: 'normal' } });
  expect(await owner.login('daniel')).toMatchObject({ outcome: 'allocated', license: { type: 'floating' } });
  expect(await owner.licenses({ state: 'expired' })).toEqual([]);
  await owner.audit();
});
