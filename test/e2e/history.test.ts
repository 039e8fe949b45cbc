import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peacefulStack } from './license-service/peaceful-stack.ts';

let stack: Awaited<ReturnType<typeof peacefulStack>>;

beforeAll(async () => {
  stack = await peacefulStack({ now: '2026-05-03T11:00:00Z' });
});
afterAll(() => stack.stop());

describe('the history of a running stack (R46, R47)', () => {
  test('says who held a license on 3 May at 14:03, and forgets an erased name', async () => {
    const { create, send, reportOn, login, logout, done } = stack.of('acme');
    await create('Finance');
    const licenses = [
      { serialNumber: 'X1', type: 'Floating', validFrom: '2026-01-01', expiryDate: '2027-05-01' } as const,
    ];
    await reportOn(await send('one.zip', { issued: '2026-05-01', licenses }));

    await stack.moveClock({ advance: 'PT1M' });
    await login('ada', { session: 's1' });
    await stack.moveClock({ advance: 'PT1H' });
    await logout('ada');
    await login('bob', { session: 's1' });
    await login('cyd', { session: 's1' });
    await stack.runDue();

    const { entries } = await done('list-license-history', { serialNumber: 'X1' });
    expect(entries).toMatchObject([
      { version: 1, actor: 'import-licenses', after: { folder: '' } },
      { version: 2, cause: 'login', after: { currentUser: 'ada' } },
      { version: 3, cause: 'logout', before: { currentUser: 'ada' } },
      { version: 4, cause: 'login', after: { currentUser: 'bob' } },
    ]);
    const asOf = (at: string) => done('get-license-as-of', { serialNumber: 'X1', at });
    expect(await asOf('2026-05-03T14:03:00+03:00')).toMatchObject({ known: true, currentUser: 'ada' });
    expect(await asOf('2026-05-03T13:59:00+03:00')).toMatchObject({ known: false });
    expect(await done('get-usage')).toMatchObject({
      days: [{ day: '2026-05-03', pools: [{ folder: '', peak: 1, inUse: 1 }], denied: { 'no-free-license': 1 } }],
    });

    await done('remove-user-card', { user: 'ada' });
    await done('erase-user', { user: 'ada' });
    await stack.runDue();
    const later = JSON.stringify(await done('list-license-history', { serialNumber: 'X1' }));
    expect(later).not.toContain('ada');
    expect(later).toContain('erased-');
  });
});
