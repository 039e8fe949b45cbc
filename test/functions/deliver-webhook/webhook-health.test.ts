import { describe, expect, it } from 'vitest';
import { deliverWebhooks } from '../../../functions/deliver-webhook/deliver-webhooks.ts';
import { publishEvents } from '../../../functions/publish-events/publish-events.ts';
import type { PostAnswer } from '../../../shared/aws/post-webhook.ts';
import { DAY } from '../../../shared/licensing/time.ts';
import { webhookKey } from '../../../shared/store/keys.ts';
import { aCommandWorld, refusal } from '../../fakes/command-world.ts';
import { memoryBus } from '../../fakes/memory-bus.ts';
import { streamedTable } from '../../fakes/streamed-table.ts';

const SETTINGS = { url: 'https://hooks.acme.example/licenses', secret: 'ssm:webhook', types: ['pool.low'] };
const NOW = '2026-03-02T08:15:32.159Z';

/** A tenant with a webhook, whose events are delivered when they are published. */
async function aWebhookWorld({ answer = { status: 204 } }: { readonly answer?: PostAnswer } = {}) {
  const table = streamedTable();
  const world = await aCommandWorld({ table });
  await world.ask('put-webhook', { settings: SETTINGS });
  const posted: Record<string, unknown>[] = [];
  const sent: unknown[] = [];
  const deps = {
    ...world.deps,
    log: () => {},
    readSecret: async () => 'whsec_c2VjcmV0',
    post: async (_: string, { body }: { body: string }) => {
      posted.push(JSON.parse(body));
      return answer;
    },
    sendMessage: async (...message: unknown[]) => void sent.push(message),
    undeliveredArn: 'undelivered',
  };
  const deliver = (type: string, id: string) => {
    const detail = { id, tenant: 'acme', at: world.clock.now(), data: {} };
    const body = JSON.stringify({ source: 'esm-license-service', 'detail-type': type, detail });
    return deliverWebhooks(deps, [{ messageId: id, eventSourceARN: 'queue', body }]);
  };
  /** Publishes and delivers what the table's stream has now. */
  const pump = async () => {
    const bus = memoryBus();
    await publishEvents({ ...deps, table, bus, measure: () => {} }, table.records.splice(0));
    for (const { type, id } of bus.told) await deliver(type, id);
  };
  const health = () => world.ask('get-webhook-health');
  return { ...world, table, posted, sent, deliver, pump, health };
}

describe('the health of a webhook', () => {
  it('has the last accepted delivery', async () => {
    const { deliver, health } = await aWebhookWorld();
    expect(await health()).toEqual({ state: 'on' });

    await deliver('pool.low', 'evt_1');

    expect(await health()).toEqual({ state: 'on', lastDelivery: { at: NOW, type: 'pool.low' } });
  });

  it.each([
    [{ status: 503 }, { code: 'status', status: 503 }],
    [{ failed: 'time' }, { code: 'time' }],
    [{ failed: 'address' }, { code: 'address' }],
  ] as const)('has the last refused delivery: %j', async (answer, refused) => {
    const { deliver, health } = await aWebhookWorld({ answer });

    await deliver('pool.low', 'evt_1');

    expect(await health()).toEqual({
      state: 'on',
      lastRefusal: { at: NOW, type: 'pool.low', ...refused, why: expect.stringMatching(/^The .*\.$/) },
    });
  });

  it('is written once a minute at most', async () => {
    const { deliver, health, clock } = await aWebhookWorld();
    await deliver('pool.low', 'evt_1');

    clock.move(59_999);
    await deliver('pool.low', 'evt_2');
    expect(await health()).toMatchObject({ lastDelivery: { at: NOW } });

    clock.move(1);
    await deliver('pool.low', 'evt_3');
    expect(await health()).toMatchObject({ lastDelivery: { at: '2026-03-02T08:16:32.159Z' } });
  });

  it('goes with the webhook', async () => {
    const { ask, deliver, health, table } = await aWebhookWorld();
    await deliver('pool.low', 'evt_1');

    await ask('delete-webhook');

    expect(await health()).toEqual(refusal('unknown-webhook'));
    expect(table.items().filter(({ sk }) => sk === 'HEALTH')).toEqual([]);
  });
});

describe('a test of a webhook', () => {
  it('is delivered once, whatever types the webhook chose, and its result is shown at once', async () => {
    const { ask, deliver, pump, posted, health, clock } = await aWebhookWorld();
    await deliver('pool.low', 'evt_1');
    clock.move(1_000);

    const test = await ask('test-webhook');
    await pump();

    expect(posted.slice(1)).toEqual([{ type: 'webhook.test', timestamp: clock.now(), data: expect.any(Object) }]);
    expect(await health()).toEqual({
      state: 'on',
      lastDelivery: { at: '2026-03-02T08:15:33.159Z', type: 'webhook.test' },
      lastTest: test,
    });
  });

  it('is not retried, and counts for no pause', async () => {
    const { ask, pump, posted, sent, health, table, clock } = await aWebhookWorld({ answer: { status: 500 } });
    for (let test = 0; test < 6; test += 1) {
      clock.move(1_000);
      await ask('test-webhook');
      await pump();
    }

    expect([posted.length, sent]).toEqual([6, []]);
    expect(table.items().filter(({ sk }) => sk === 'DELIVERIES')).toEqual([]);
    expect(await health()).toMatchObject({ lastRefusal: { type: 'webhook.test', code: 'status', status: 500 } });
  });

  it('goes to a webhook that is switched off, and leaves it off', async () => {
    const { ask, pump, posted, health, table } = await aWebhookWorld();
    const off = { at: NOW, since: NOW, reason: 'status 503' };
    await table.write([{ update: webhookKey('acme'), set: [['off', off]], onlyIf: [] }]);
    table.records.splice(0);

    await ask('test-webhook');
    await pump();

    expect(posted).toHaveLength(1);
    expect(await health()).toMatchObject({ state: 'off', lastDelivery: { type: 'webhook.test' } });
  });

  it('needs a webhook', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('test-webhook')).toEqual(refusal('unknown-webhook'));
  });

  it('is forgotten after a day', async () => {
    const { ask, table, clock } = await aWebhookWorld();

    await ask('test-webhook');

    const [test] = table.items().filter(({ sk }) => sk === 'TEST');
    expect(test?.['ttl']).toBe(Math.floor((Date.parse(clock.now()) + DAY) / 1_000));
  });
});
