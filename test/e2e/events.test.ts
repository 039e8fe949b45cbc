import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { peacefulStack } from './license-service/peaceful-stack.ts';

const SECRET = `whsec_${Buffer.from('a secret of the tenant acme').toString('base64')}`;

describe('the events of the running service', () => {
  let stack: Awaited<ReturnType<typeof peacefulStack>>;

  beforeAll(async () => {
    stack = await peacefulStack({ now: '2026-05-03T08:00:00.000Z' });
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

  test('the bus gets an import, an exhausted pool, a denial and a digest', async () => {
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

  test('the tenant’s own system gets them signed, also after an outage', async () => {
    const { done, login } = stack.of('acme');
    const calls: { readonly headers: Record<string, string>; readonly body: string }[] = [];
    const receiver = createServer((request, response) => {
      void text(request).then((body) => {
        calls.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(calls.length === 1 ? 503 : 200).end();
      });
    });
    await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void receiver.close());
    const { port } = receiver.address() as { port: number };
    mkdirSync(join(stack.dir, 'secrets/acme'), { recursive: true });
    writeFileSync(join(stack.dir, 'secrets/acme/webhook'), SECRET);
    const url = `http://127.0.0.1:${port}/licenses`;
    await done('put-webhook', { settings: { url, secret: 'file:webhook', types: ['license.denied'] } });

    for (const user of ['ada', 'bob', 'dan']) await login(user, { session: 's2' });
    await stack.runDue();
    await stack.moveClock({ advance: 'PT5S' });
    await stack.runDue();

    expect(calls).toHaveLength(2);
    const [{ headers, body }] = calls.slice(-1) as [(typeof calls)[number]];
    expect(headers['webhook-id']).toBe(calls[0]?.headers['webhook-id']);
    const secondsLater = Number(headers['webhook-timestamp']) - Number(calls[0]?.headers['webhook-timestamp']);
    expect(secondsLater).toBeGreaterThanOrEqual(5);
    const sentAt = new Date(Number(headers['webhook-timestamp']) * 1_000);
    expect(headers['webhook-signature']).toBe(new Webhook(SECRET).sign(headers['webhook-id'] ?? '', sentAt, body));
    expect(JSON.parse(body)).toMatchObject({ type: 'license.denied', data: { tenant: 'acme', user: 'dan' } });
    await stack.moveClock({ advance: 'P2D' });
    await stack.runDue();
    expect(calls).toHaveLength(2);
  });
});
