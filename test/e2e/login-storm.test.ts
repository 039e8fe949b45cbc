import { afterAll, beforeAll, expect, test } from 'vitest';
import { licensesAlike } from '../../infra/local/sample-files.ts';
import { atOnce } from '../fakes/interleaving.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';
import {
  expectNoStepPassedOver,
  POOL,
  POOL_SIZE,
  serialsOf,
  storm,
  tenantWithPool,
  usersNamed,
} from './license-service/storm.ts';

const TERM = { validFrom: '2026-01-01', expiryDate: '2026-12-31' } as const;

let stack: Awaited<ReturnType<typeof peacefulStack>>;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-03-02T06:00:00.000Z' });
});
afterAll(() => stack.stop());

test('of 500 users, 64 at a time, exactly 300 get the 300 free licenses, in the order of the steps', async () => {
  const owner = await tenantWithPool(stack, 'storm', TERM);

  const ended = await storm(owner, usersNamed('user', 500));

  const receipts = ended.map(({ receipt }) => receipt);
  const served = receipts.filter(({ outcome }) => outcome === 'allocated');
  expect(served).toHaveLength(POOL_SIZE);
  expect(new Set(serialsOf(ended)).size).toBe(POOL_SIZE);
  expect(receipts.filter(({ reason }) => reason === 'no-free-license')).toHaveLength(200);
  const steps = Object.groupBy(served, ({ step }) => step ?? 'none');
  expect(Object.fromEntries(Object.entries(steps).map(([step, taken]) => [step, taken?.length]))).toEqual(POOL);
  expectNoStepPassedOver(ended);

  const inUse = await owner.licenses({ state: 'in-use' });
  const holders = new Map(inUse.map(({ serialNumber, currentUser }) => [serialNumber, currentUser]));
  expect(holders).toEqual(new Map(served.map(({ license, user }) => [license?.serialNumber, user])));
  expect(await owner.audit()).toEqual({ licenses: 300, userCards: 500, vacancies: 0 });
});

test('25 users who log in 20 times at once get 25 licenses', async () => {
  const owner = await tenantWithPool(stack, 'crowd', TERM);
  const logins = usersNamed('user', 25).flatMap((user) =>
    usersNamed('session', 20).map((session) => ({ user, session })),
  );

  const receipts = await atOnce(logins, logins.length, ({ user, session }) => owner.login(user, { session }));

  const byUser = Map.groupBy(receipts, ({ user }) => user);
  expect(byUser.size).toBe(25);
  for (const own of byUser.values()) {
    expect(new Set(own.map(({ license }) => license?.serialNumber)).size).toBe(1);
    expect(own.filter(({ outcome }) => outcome === 'allocated')).toHaveLength(1);
    expect(own.filter(({ outcome }) => outcome === 'continued')).toHaveLength(19);
  }
  const inUse = await owner.licenses({ state: 'in-use' });
  expect(new Set(inUse.map(({ currentUser }) => currentUser)).size).toBe(25);
  expect(inUse).toHaveLength(25);
  expect(await owner.audit()).toMatchObject({ licenses: 300, userCards: 25 });
});

test('logins during an import of 5,000 licenses are all answered, and nobody is denied', async () => {
  const owner = stack.of('busy');
  await owner.create();
  const first = licensesAlike(20, 'F1001', { type: 'Floating', ...TERM });
  await owner.reportOn(await owner.send('first.zip', { issued: '2026-01-01', licenses: first }));
  const licenses = licensesAlike(5_000, 'L10001', { type: 'Floating', ...TERM });

  const report = owner.reportOn(await owner.send('many.zip', { issued: '2026-01-02', licenses }));
  let isImporting = true;
  const imported = report.finally(() => {
    isImporting = false;
  });
  // Ten users come and go on twenty licenses, so that one is free at any moment.
  const during: string[] = [];
  await atOnce(usersNamed('user', 10), 10, async (user) => {
    for (let round = 1; isImporting; round += 1) {
      const session = `session-${round}`;
      const { outcome } = await owner.login(user, { session });
      const { ended } = await owner.logout(user, { session });
      during.push(`${outcome}, ${ended} ended`);
    }
  });

  const { counts, receivedAt, finishedAt } = await imported;
  expect(counts).toEqual({ added: 5_000, termChanged: 0, unchanged: 0, stale: 0, conflict: 0, deletedBefore: 0 });
  expect(during.length).toBeGreaterThanOrEqual(10);
  expect(new Set(during)).toEqual(new Set(['allocated, 1 ended']));
  expect(await owner.audit()).toEqual({ licenses: 5_020, userCards: 10, vacancies: 5_020 });
  const seconds = (Date.parse(finishedAt) - Date.parse(receivedAt)) / 1000;
  process.stdout.write(`5,000 licenses in ${seconds.toFixed(1)} s, ${during.length} logins meanwhile\n`);
});
