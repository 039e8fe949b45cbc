import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peacefulStack } from './license-service/peaceful-stack.ts';

describe('the events of the running service', () => {
  let stack: Awaited<ReturnType<typeof peacefulStack>>;

  beforeAll(async () => {
    stack = await peacefulStack('2026-05-03T08:00:00.000Z');
  });

  afterAll(async () => {
    await stack.stop();
  });

  const events = async () => {
    await stack.runDue();
    const response = await fetch(`${stack.endpoints.control}/events`);
    const { events: found } = (await response.json()) as { events: Record<string, unknown>[] };
    return found.map((event) => ({ type: event['detail-type'], ...(event['detail'] as object) }));
  };

  test('an import, a pool that runs out, a denial and a digest are on the bus', async () => {
    const { create, done, send, reportOn, login } = stack.of('acme');
    await create();
    const licenses = [
      { serialNumber: 'X1', type: 'Floating', validFrom: '2026-01-01', expiryDate: '2026-05-20' } as const,
      { serialNumber: 'X2', type: 'Floating', validFrom: '2026-01-01', expiryDate: '2027-05-01' } as const,
    ];
    await done('update-tenant', {
      settings: { poolThresholds: [{ folder: '', type: 'floating', access: 'write', free: 1 }] },
    });
    await reportOn(await send('one.zip', { issued: '2026-05-01', licenses }));
    for (const user of ['ada', 'bob', 'cyd']) {
      await login(user, { session: 's1' });
      await stack.runDue();
    }
    await stack.moveClock({ advance: 'P1D' });

    expect(await events()).toMatchObject([
      { type: 'import.finished', tenant: 'acme', data: { status: 'accepted', counts: { added: 2 } } },
      { type: 'pool.low', data: { folder: '', type: 'floating', access: 'write', free: 1, threshold: 1 } },
      { type: 'pool.exhausted', data: { free: 0 } },
      { type: 'license.denied', data: { user: 'cyd', session: 's1', reason: 'no-free-license' } },
      { type: 'license.expiring', data: { within: { 30: { licenses: 1, serialNumbers: ['X1'] } } } },
    ]);
  });
});
