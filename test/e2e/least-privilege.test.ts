import { afterAll, beforeAll, expect, test } from 'vitest';
import { FUNCTION_NAMES } from '../../functions/functions.ts';
import { licensesAlike } from '../../infra/local/sample-files.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

/** They answer only what comes from the internet, and have tests of their own on a stack that is recorded too. */
const ELSEWHERE = ['admin-api', 'calendar-feed', 'console', 'session-hooks'];
const TERM = { validFrom: '2025-12-15', expiryDate: '2026-12-31' } as const;
const NEXT_TERM = { validFrom: '2026-12-15', expiryDate: '2027-12-31' } as const;

let stack: Awaited<ReturnType<typeof peacefulStack>>;
let isStopped = false;
beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-12-21T08:00:00.000Z' });
});
afterAll(() => (isStopped ? undefined : stack.stop()));

test('in a year of a tenant every function runs, and IAM allows each of its calls', async () => {
  const acme = stack.of('acme');
  await acme.create('Finance');
  const licenses = [
    ...licensesAlike(3, 'F1', { type: 'Floating', ...TERM }),
    ...licensesAlike(3, 'D1', { type: 'Dedicated', ...TERM }),
  ];
  await acme.reportOn(await acme.send('one.zip', { issued: '2025-12-10', licenses }));
  await acme.move(['F1'], 'Finance');
  await acme.done('put-user-card', { user: 'ada', card: { folder: 'Finance' } });
  await acme.login('ada', { session: 's1' });
  await acme.login('bob', { session: 's1' });
  await acme.logout('bob');
  await acme.done('assign-license', { serialNumber: 'D1', user: 'bob' });
  await acme.login('bob', { session: 's2' });
  await acme.done('put-webhook', {
    settings: { url: 'https://hooks.acme.example/', secret: 'file:webhook', types: ['pool.low'] },
  });

  const next = [
    ...licensesAlike(3, 'F2', { type: 'Floating', ...NEXT_TERM }),
    ...licensesAlike(3, 'D2', { type: 'Dedicated', ...NEXT_TERM }),
  ];
  for (const renewalId of ['first', 'second']) {
    const upload = await acme.send(`${renewalId}.zip`, { issued: '2026-12-10', licenses: next }, 'renewals');
    await acme.approved({ renewalId, expiringOnOrBefore: '2026-12-31', upload });
    await acme.done('start-renewal', { renewalId });
    await stack.runDue();
    if (renewalId === 'first') await acme.done('undo-renewal', { renewalId });
    await stack.runDue();
  }
  await acme.done('remove-user-card', { user: 'ada' });
  await acme.done('erase-user', { user: 'ada' });
  for (const days of ['P1D', 'P1D', 'P1D']) {
    await stack.moveClock({ advance: days });
    await stack.runDue();
  }
  expect(await acme.done('get-renewal', { renewalId: 'second' })).toMatchObject({ status: 'finished' });
  const failed = { execution: 'another', error: { Error: 'Test', Cause: 'to see its calls' } };
  await stack.invoke('stop-renewal', { tenant: 'acme', renewalId: 'second', ...failed });

  const callers = new Set(stack.calls().map(({ caller }) => caller));
  expect(FUNCTION_NAMES.filter((name) => !callers.has(name) && !ELSEWHERE.includes(name))).toEqual([]);
  isStopped = true;
  await stack.stop();
});
