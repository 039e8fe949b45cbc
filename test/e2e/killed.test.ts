import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { licensesAlike } from '../../infra/local/sample-files.ts';
import { atOnce } from '../fakes/interleaving.ts';
import { type Callers, type Json, PATIENCE_MS } from './license-service/callers.ts';
import * as contract from './license-service/contract-shapes.ts';
import { databasesOn, type KillableStack, killableStack } from './license-service/killable-stack.ts';
import { POOL, POOL_SIZE, storm, tenantWithPool, usersNamed } from './license-service/storm.ts';

/** One folder and one set of ports: each test begins on what the kills before it have left. */
let stack: KillableStack;
let callers: Callers;
let today: string;
beforeAll(async () => {
  stack = await killableStack();
  callers = await stack.start();
  today = await callers.now();
});
afterAll(() => stack.remove());

async function startAgain(): Promise<void> {
  callers = await stack.start();
  expect(databasesOn(stack.dir)).toHaveLength(1);
}

const dayFromToday = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
const inSomeWeeks = () => ({ validFrom: dayFromToday(-300), expiryDate: dayFromToday(30) });
const until = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: PATIENCE_MS, interval: 25 });

test.each([
  ['the whole stack', 'killAll', 0, 5_000],
  ['its parent alone, while the database runs on', 'killParent', 1, 2_000],
] as const)('kill -9 of %s during an import: every license is imported exactly once', async (_, kill, left, count) => {
  const tenant = `import-of-${count}`;
  const owner = callers.of(tenant);
  await owner.create();
  const licenses = licensesAlike(count, 'L10001', { type: 'Floating', ...inSomeWeeks() });
  const { held } = await stack.hold('import-licenses', count / 100);
  const key = await owner.send('many.zip', { issued: dayFromToday(-301), licenses });
  await held;
  const written = (await owner.licenses()).length;
  expect([written > 0, written < count]).toEqual([true, true]);

  await stack[kill]();
  expect(databasesOn(stack.dir)).toHaveLength(left);
  const killedAt = new Date().toISOString();
  await startAgain();

  const again = callers.of(tenant);
  const report = await again.reportOn(key);
  expect([report.receivedAt, killedAt, report.finishedAt]).toEqual(
    [report.receivedAt, killedAt, report.finishedAt].toSorted(),
  );
  expect(report.counts).toEqual({
    added: count,
    termChanged: 0,
    unchanged: 0,
    stale: 0,
    conflict: 0,
    deletedBefore: 0,
  });
  const added = licenses.map(({ serialNumber }) => ({ serialNumber, outcome: 'added' }));
  expect(report.licenses).toEqual(added);
  expect(await again.all('get-import', 'licenses', { key })).toEqual(added);
  expect(await again.audit()).toEqual({ licenses: count, userCards: 0, vacancies: count });
});

test('kill -9 during a login storm: every answer stays true, and 300 of 500 users have a license', async () => {
  const tenant = 'storm';
  const owner = await tenantWithPool(callers, tenant, inSomeWeeks());
  const users = usersNamed('user', 500);

  const answered = new Map<string, contract.Receipt>();
  let killed: Promise<void> | undefined;
  await atOnce(users, 64, async (user) => {
    if (killed !== undefined) return;
    const receipt = await owner
      .login(user, { session: `${user}-morning`, claims: { folder: 'Finance' } })
      .catch((error: unknown) => {
        if (killed === undefined) throw error;
      });
    if (receipt !== undefined) answered.set(user, receipt);
    if (answered.size === 150) killed = stack.killAll();
  });
  await killed;
  await startAgain();

  const again = callers.of(tenant);
  expect(answered.size).toBeGreaterThanOrEqual(150);
  await again.audit();
  for (const [user, receipt] of answered) {
    const card = contract.userCard.parse(await again.done('get-user-card', { user }));
    expect(card).toMatchObject({
      currentLicense: { serialNumber: receipt.license?.serialNumber, currentUser: user },
    });
  }
  const receipts = (await storm(again, users)).map(({ receipt }) => receipt);
  const holders = receipts.flatMap(({ license, user }) =>
    license === undefined ? [] : [[license.serialNumber, user] as const],
  );
  expect(holders).toHaveLength(POOL_SIZE);
  expect(new Set(holders.map(([serialNumber]) => serialNumber)).size).toBe(POOL_SIZE);
  for (const { user, outcome, license } of receipts.filter(({ user }) => answered.has(user))) {
    expect({ user, outcome, license }).toEqual({ user, outcome: 'continued', license: answered.get(user)?.license });
  }
  const inUse = await again.licenses({ state: 'in-use' });
  expect(new Map(inUse.map(({ serialNumber, currentUser }) => [serialNumber, currentUser]))).toEqual(new Map(holders));
  expect(await again.audit()).toEqual({ licenses: POOL_SIZE, userCards: 500, vacancies: 0 });
});

test('kill -9 during the switch of a renewal, while it waits, and during its cleanup: the renewal finishes by itself', async () => {
  const tenant = 'renewal';
  const LICENSES = 300;
  const owner = await tenantWithPool(callers, tenant, inSomeWeeks());
  // Twelve users work; those with a floating license are lent it, those who come later own a dedicated one.
  const users = usersNamed('user', 12);
  for (const [index, user] of users.entries()) {
    const serialNumber = `D${1001 + index * 5}`;
    await owner.done('put-user-card', { user, card: { folder: 'Finance' } });
    if (index % 2 === 0) await owner.done('assign-license', { serialNumber, user });
    expect(await owner.login(user, { session: 'work' })).toMatchObject({
      outcome: index % 2 === 0 ? 'assigned' : 'allocated',
    });
  }
  const before = await cardsOf(owner, users);
  const nextTerm = { validFrom: dayFromToday(-2), expiryDate: dayFromToday(400) };
  const upload = await owner.send(
    'next.zip',
    {
      issued: dayFromToday(-3),
      licenses: [
        ...licensesAlike(200, 'F5001', { type: 'Floating', ...nextTerm }),
        ...licensesAlike(100, 'D5001', { type: 'Dedicated', ...nextTerm }),
      ],
    },
    'renewals',
  );
  const zOld = async () => (await callers.of(tenant).licenses({ folder: 'zOld' })).length;
  const status = async () => (await callers.of(tenant).done('get-renewal', { renewalId: 'next' }))['status'];

  const input = await owner.approved({ renewalId: 'next', expiringOnOrBefore: dayFromToday(60), upload });
  const switching = await stack.hold('switch-licenses', LICENSES / 10);
  const arn = await callers.start(input);
  await switching.held;
  const setAside = await zOld();
  expect([setAside > 0, setAside < LICENSES]).toEqual([true, true]);
  await stack.killAll();
  await startAgain();
  await until(async () => expect(await status()).toBe('waiting-for-cleanup'));

  expect(await zOld()).toBe(LICENSES);
  const after = await cardsOf(callers.of(tenant), users);
  for (const [index, card] of after.entries()) {
    // Nobody’s session was cut, and who owned a license owns its replacement.
    expect(card.currentLicense?.serialNumber).toBe(before[index]?.currentLicense?.serialNumber);
    expect(card.assignedLicenses.map(({ serialNumber }) => serialNumber.slice(0, 2))).toEqual(
      index % 2 === 0 ? ['D5'] : [],
    );
  }
  expect(await callers.of(tenant).audit()).toMatchObject({ licenses: 2 * LICENSES });

  await stack.killAll();
  await startAgain();
  expect((await callers.describe(arn)).status).toBe('RUNNING');
  expect(await status()).toBe('waiting-for-cleanup');
  for (const user of users) {
    await callers.of(tenant).login(user, { session: 'work' });
    await callers.of(tenant).logout(user);
  }
  // Whatever the time of day is now, the cleanup hour of the next day has come.
  const cleaning = await stack.hold('clean-up-renewal', LICENSES / 10);
  await callers.moveClock({ advance: 'P2D' });
  await cleaning.held;
  const left = await zOld();
  expect([left > 0, left < LICENSES]).toEqual([true, true]);
  await stack.killAll();
  await startAgain();

  const ended = await until(async () => {
    const found = await callers.describe(arn);
    expect(found.status).not.toBe('RUNNING');
    return found;
  });
  expect(ended.status).toBe('SUCCEEDED');
  expect(contract.renewalOutput.parse(JSON.parse(ended.output ?? ''))).toEqual({
    renewalId: 'next',
    status: 'finished',
    counts: { replaced: LICENSES, extended: 0, shortfall: 0, leftOver: 0, deleted: LICENSES, stillInUse: 0 },
  });
  const all = await callers.of(tenant).licenses();
  expect(all.map(({ serialNumber }) => serialNumber)).toEqual([
    ...licensesAlike(100, 'D5001', { type: 'Dedicated', ...nextTerm }).map(({ serialNumber }) => serialNumber),
    ...licensesAlike(200, 'F5001', { type: 'Floating', ...nextTerm }).map(({ serialNumber }) => serialNumber),
  ]);
  expect(countBy(all, ({ type, folder }) => `${type} in "${folder}"`)).toEqual({
    'floating in "Finance"': POOL['floating-in-folder'],
    'floating in ""': POOL['floating-in-root'],
    'dedicated in "Finance"': POOL['dedicated-in-folder'],
    'dedicated in ""': POOL['dedicated-in-root'],
  });
  expect(await callers.of(tenant).audit()).toMatchObject({ licenses: LICENSES, userCards: users.length });
});

async function cardsOf(owner: ReturnType<Callers['of']>, users: readonly string[]) {
  const cards = [];
  for (const user of users) cards.push(contract.userCard.parse(await owner.done('get-user-card', { user })));
  return cards;
}

function countBy(all: readonly Json[], by: (one: Json) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) counts[by(one)] = (counts[by(one)] ?? 0) + 1;
  return counts;
}
