import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import {
  type DeliverDeps,
  deliverWebhooks,
  type QueuedMessage,
} from '../../../functions/deliver-webhook/deliver-webhooks.ts';
import { publishEvents } from '../../../functions/publish-events/publish-events.ts';
import { recordHistory } from '../../../functions/record-history/record-history.ts';
import type { PostAnswer, PostWebhook } from '../../../shared/aws/post-webhook.ts';
import { DAY, plus } from '../../../shared/licensing/time.ts';
import type { SecretReference } from '../../../shared/platform/ports/secret-reference.ts';
import { cachedSecrets } from '../../../shared/sign-in/hooks/cached-secrets.ts';
import { aCommandWorld } from '../../fakes/command-world.ts';
import { memoryBus } from '../../fakes/memory-bus.ts';
import { streamedTable } from '../../fakes/streamed-table.ts';
import { keyedHash } from '../../fakes/world.ts';

const SECRETS: Record<string, string> = {
  'acme ssm:old': `whsec_${Buffer.from('the old secret of acme').toString('base64')}`,
  'acme ssm:new': Buffer.from('the new secret of acme').toString('base64'),
};
const EVENT = {
  id: 'evt_1',
  tenant: 'acme',
  at: '2026-03-02T08:00:00.000Z',
  data: { importId: 'i1', status: 'accepted' },
};

const QUEUE = 'arn:aws:sqs:eu-north-1:111122223333:webhooks';
const UNDELIVERED = 'arn:aws:sqs:eu-north-1:111122223333:undelivered';
const URL = 'https://hooks.acme.example/licenses';

const bodyOf = (facts: Partial<typeof EVENT> & { readonly type?: string } = {}): string => {
  const { type = 'import.finished', ...detail } = { ...EVENT, ...facts };
  return JSON.stringify({ source: 'esm-license-service', 'detail-type': type, detail });
};

const message = (facts: Parameters<typeof bodyOf>[0] = {}): QueuedMessage => ({
  messageId: `message of ${facts.id ?? EVENT.id}`,
  eventSourceARN: QUEUE,
  body: bodyOf(facts),
});

async function aTenant({
  settings = { url: URL, secret: 'ssm:old' },
  answer = { status: 204 },
}: {
  readonly settings?: object | null;
  readonly answer?: PostAnswer;
} = {}) {
  const table = streamedTable();
  const office = await aCommandWorld({ table });
  if (settings !== null) await office.ask('put-webhook', { settings });
  const posted: { url: string; body: string; headers: Readonly<Record<string, string>> }[] = [];
  const sent: { queue: string; body: string; delay: number; at: string }[] = [];
  const logged: unknown[][] = [];
  const post: PostWebhook = async (url, what) => {
    posted.push({ url, ...what });
    return answer;
  };
  const deps: DeliverDeps = {
    ...office.deps,
    log: (...line: unknown[]) => void logged.push(line),
    readSecret: async (tenant: string, { kind, name }: SecretReference) => SECRETS[`${tenant} ${kind}:${name}`],
    post,
    sendMessage: async (queue, body, delay) =>
      void sent.push({ queue, body, delay, at: plus(office.clock.now(), delay * 1_000) }),
    undeliveredArn: UNDELIVERED,
  };
  const deliver = async (...messages: QueuedMessage[]) =>
    (await deliverWebhooks(deps, messages)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { ...office, readTenant: office.deps.readTenant, table, deliver, posted, sent, logged, deps };
}

/**
 * Delivers the bodies, and whatever is sent to the queue again, each when its delay is over, until the time is over.
 * Returns when each request was posted, in seconds from now, and the bodies that were given up.
 */
async function passTime(
  { clock, sent }: Pick<Awaited<ReturnType<typeof aTenant>>, 'clock' | 'sent'>,
  deps: DeliverDeps,
  bodies: readonly string[],
  milliseconds: number,
) {
  const start = Date.parse(clock.now());
  const posts: { readonly id: string | undefined; readonly after: number }[] = [];
  const watched: DeliverDeps = {
    ...deps,
    post: (url, what) => {
      posts.push({ id: what.headers['webhook-id'], after: (Date.parse(clock.now()) - start) / 1_000 });
      return deps.post(url, what);
    },
  };
  const givenUp: string[] = [];
  for (let due = bodies; ; ) {
    const messages = due.map((body, index) => ({ messageId: String(index), eventSourceARN: QUEUE, body }));
    for (let from = 0; from < messages.length; from += 10) {
      expect(await deliverWebhooks(watched, messages.slice(from, from + 10))).toEqual({ batchItemFailures: [] });
    }
    givenUp.push(...sent.filter(({ queue }) => queue === UNDELIVERED).map(({ body }) => body));
    const waiting = sent.filter(({ queue }) => queue === QUEUE).toSorted((one, other) => (one.at < other.at ? -1 : 1));
    const [first] = waiting;
    if (first === undefined || Date.parse(first.at) > start + milliseconds) {
      clock.move(start + milliseconds - Date.parse(clock.now()));
      return { posts, givenUp };
    }
    clock.move(Math.max(0, Date.parse(first.at) - Date.parse(clock.now())));
    due = waiting.filter(({ at }) => at <= clock.now()).map(({ body }) => body);
    sent.splice(0, sent.length, ...waiting.filter(({ at }) => at > clock.now()));
  }
}

/** What a receiver with the library of Standard Webhooks makes of it; throws when the signature is wrong. */
const received = ({ body, headers }: { body: string; headers: Readonly<Record<string, string>> }, secret: string) => {
  const webhook = new Webhook(SECRETS[`acme ${secret}`]!);
  // The library's clock is the machine's, so only the signature is its to judge.
  const timestamp = new Date(Number(headers['webhook-timestamp']) * 1_000);
  const expected = webhook.sign(headers['webhook-id']!, timestamp, body);
  expect(headers['webhook-signature']?.split(' ')).toContain(expected);
  return JSON.parse(body);
};

describe('deliver-webhook', () => {
  it('posts the event signed as Standard Webhooks, under the event’s id', async () => {
    const { deliver, posted, logged, clock } = await aTenant();

    expect(await deliver(message())).toEqual([]);

    expect(posted).toHaveLength(1);
    expect(posted[0]?.url).toBe('https://hooks.acme.example/licenses');
    expect(posted[0]?.headers).toMatchObject({
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(Math.floor(Date.parse(clock.now()) / 1_000)),
    });
    expect(received(posted[0]!, 'ssm:old')).toEqual({
      type: 'import.finished',
      timestamp: EVENT.at,
      data: { tenant: 'acme', importId: 'i1', status: 'accepted' },
    });
    expect(logged).toEqual([['webhook-delivered', { tenant: 'acme', id: 'evt_1', type: 'import.finished', tries: 1 }]]);
  });

  it('signs with both secrets during a rotation', async () => {
    const { deliver, posted } = await aTenant({
      settings: { url: 'https://hooks.acme.example/', secret: ['ssm:old', 'ssm:new'] },
    });

    await deliver(message());

    expect(received(posted[0]!, 'ssm:old')).toEqual(received(posted[0]!, 'ssm:new'));
  });

  it('posts nothing for a tenant without a webhook, and no event of a type that it did not choose', async () => {
    const nobody = await aTenant({ settings: null });
    const choosy = await aTenant({
      settings: { url: 'https://hooks.acme.example/', secret: 'ssm:old', types: ['pool.low'] },
    });

    expect([await nobody.deliver(message()), await choosy.deliver(message())]).toEqual([[], []]);
    expect([...nobody.posted, ...choosy.posted]).toEqual([]);
  });

  it('reads a secret once for many events, also a missing one', async () => {
    const url = 'https://hooks.acme.example/';
    const { deps } = await aTenant({ settings: { url, secret: ['ssm:old', 'ssm:gone'] } });
    const reads: string[] = [];
    const readSecret = cachedSecrets(async (tenant, reference) => {
      reads.push(reference.name);
      return deps.readSecret(tenant, reference);
    }, deps.clock);

    for (let index = 0; index < 50; index += 1) {
      await deliverWebhooks({ ...deps, readSecret }, [
        message({ id: `evt_${index}` }),
        message({ id: `evt_${index}b` }),
      ]);
    }

    expect(reads.toSorted()).toEqual(['gone', 'old']);
  });
});

const SCHEDULE = [0, 5, 305, 2_105, 9_305, 27_305, 63_305, 99_305];

describe('a delivery that failed', () => {
  it.each<PostAnswer>([
    { status: 500 },
    { status: 301 },
    { status: 404 },
    { failed: 'time' },
    { failed: 'address' },
    { failed: 'connection' },
  ])('with %o is tried at the times of the schedule, and then its event is given up', async (answer) => {
    const acme = await aTenant({ answer });

    const { posts, givenUp } = await passTime(acme, acme.deps, [bodyOf()], 2 * DAY);

    expect(posts.map(({ after }) => after)).toEqual(SCHEDULE);
    expect(givenUp).toEqual([bodyOf()]);
    expect(acme.logged.filter(([code]) => code === 'webhook-failed')).toHaveLength(8);
    expect(acme.logged.at(-1)).toEqual(['webhook-given-up', expect.objectContaining({ id: 'evt_1', why: 'last try' })]);
  });

  it.each<[string, (deps: DeliverDeps, fault: () => never) => DeliverDeps]>([
    ['the table', (deps, fault) => ({ ...deps, table: { ...deps.table, query: async () => fault() } })],
    ['the secret', (deps, fault) => ({ ...deps, readSecret: async () => fault() })],
    ['the request itself', (deps, fault) => ({ ...deps, post: async () => fault() })],
  ])(
    'because of our own fault (%s) follows the same schedule, and goes on when the fault is over',
    async (_, broken) => {
      const acme = await aTenant();
      const fault = () => {
        throw new Error('quotes a secret');
      };

      const failing = await passTime(acme, broken(acme.deps, fault), [bodyOf()], 30_000_000);
      const mended = await passTime(acme, acme.deps, [], DAY);

      expect(failing.givenUp).toEqual([]);
      expect(mended.posts).toEqual([{ id: 'evt_1', after: 33_305 }]);
      expect(acme.logged.filter(([code]) => code === 'webhook-undecided')).toHaveLength(6);
      expect(JSON.stringify(acme.logged)).not.toContain('quotes a secret');
    },
  );

  it('without its secret posts nothing unsigned, and waits', async () => {
    const { deliver, posted, sent } = await aTenant({ settings: { url: URL, secret: 'ssm:gone' } });

    expect(await deliver(message())).toEqual([]);

    expect(posted).toEqual([]);
    expect(sent).toEqual([expect.objectContaining({ queue: QUEUE, delay: 5 })]);
  });

  it('does not hide its message: the longest delay of a message is 15 minutes', async () => {
    const acme = await aTenant({ answer: { status: 500 } });
    const delays: number[] = [];
    const deps: DeliverDeps = {
      ...acme.deps,
      sendMessage: (queue, body, delay) => {
        delays.push(delay);
        return acme.deps.sendMessage(queue, body, delay);
      },
    };

    await passTime(acme, deps, [bodyOf()], 2 * DAY);

    expect(Math.max(...delays)).toBe(900);
  });

  it('comes back by SQS itself if the queue cannot be reached, without the others of its batch', async () => {
    const { deps } = await aTenant();
    const flaky: DeliverDeps = {
      ...deps,
      post: async (url, what) => (what.headers['webhook-id'] === 'evt_1' ? { status: 503 } : deps.post(url, what)),
      sendMessage: () => Promise.reject(new Error('SQS answered 503')),
    };

    const { batchItemFailures } = await deliverWebhooks(flaky, [message(), message({ id: 'evt_2' })]);

    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message of evt_1' }]);
  });

  it('starts anew after a redrive of the dead-letter queue', async () => {
    const acme = await aTenant({ answer: { status: 500 } });
    const { givenUp } = await passTime(acme, acme.deps, [bodyOf()], 2 * DAY);

    const { posts } = await passTime(acme, acme.deps, givenUp, 2 * DAY);

    expect(posts).toHaveLength(8);
  });
});

it('sets a message aside that is not an event, and delivers the others', async () => {
  const { deliver, posted, sent, logged } = await aTenant();

  expect(await deliver({ ...message(), body: 'not an event' }, message({ id: 'evt_2' }))).toEqual([]);

  expect(sent).toEqual([expect.objectContaining({ queue: UNDELIVERED, body: 'not an event' })]);
  expect(posted.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_2']);
  expect(logged).toContainEqual(['webhook-given-up', { messageId: 'message of evt_1', why: 'unreadable' }]);
});

describe('a dead receiver', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => bodyOf({ id: `evt_${index}` }));

  it('gets one try in five minutes, and everything within minutes once it answers again', async () => {
    const acme = await aTenant();
    const dead: DeliverDeps = { ...acme.deps, post: async () => ({ failed: 'time' }) };

    const { posts } = await passTime(acme, dead, many(200), 3_600_000);
    const recovered = await passTime(acme, acme.deps, [], 1_800_000);

    // The first batch of ten comes before anything is known.
    expect(posts.length).toBeLessThanOrEqual(10 + 3_600 / 300);
    expect(new Set(recovered.posts.map(({ id }) => id)).size).toBe(200);
    expect(recovered.givenUp).toEqual([]);
  });

  it('costs the deliveries of other tenants nothing', async () => {
    const acme = await aTenant();
    await acme.ask('create-tenant', { settings: { customers: ['globex'], timeZone: 'Europe/Helsinki' } }, 'globex');
    await acme.ask('put-webhook', { settings: { url: 'https://globex.example/', secret: 'ssm:old' } }, 'globex');
    const deps: DeliverDeps = {
      ...acme.deps,
      readSecret: async () => SECRETS['acme ssm:old'],
      post: async (url) => (url === URL ? { failed: 'time' } : { status: 204 }),
    };
    await passTime(acme, deps, many(20), 60_000);

    const { posts } = await passTime(acme, deps, [...many(5), bodyOf({ id: 'evt_globex', tenant: 'globex' })], 1);

    expect(posts).toEqual([{ id: 'evt_globex', after: 0 }]);
  });

  it('is tried by one of two processes when its pause is over', async () => {
    const acme = await aTenant({ answer: { status: 500 } });
    await passTime(acme, acme.deps, many(10), 299_000);
    acme.sent.splice(0);
    acme.posted.splice(0);
    acme.clock.move(2_000);

    await Promise.all([acme.deliver(message({ id: 'evt_a' })), acme.deliver(message({ id: 'evt_b' }))]);

    expect(acme.posted).toHaveLength(1);
    expect(acme.sent).toHaveLength(2);
  });

  it('keeps an event that was never tried for a little more than a day', async () => {
    const acme = await aTenant({ answer: { status: 500 } });

    const { givenUp } = await passTime(acme, acme.deps, many(50), 29 * 3_600_000);

    expect(givenUp).toHaveLength(50);
    expect(acme.logged).toContainEqual(['webhook-given-up', expect.objectContaining({ why: 'too old' })]);
  });
});

describe('a webhook without a successful delivery', () => {
  const oneADay = async (acme: Awaited<ReturnType<typeof aTenant>>, deps: DeliverDeps, days: number) => {
    for (let day = 0; day < days; day += 1) await passTime(acme, deps, [bodyOf({ id: `evt_${day}` })], DAY);
  };

  it('is switched off after three days, which its settings and the tenant’s history say', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    const since = acme.clock.now();

    await oneADay(acme, acme.deps, 3);
    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'on', version: 1 });
    await oneADay(acme, acme.deps, 1);

    const off = { at: expect.any(String), since, reason: 'status 503' };
    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'off', off, version: 2 });
    expect(acme.logged).toContainEqual(['webhook-switched-off', { tenant: 'acme', since, reason: 'status 503' }]);

    const bus = memoryBus();
    const { table } = acme;
    await publishEvents({ ...acme.deps, bus, measure: () => {}, readTenant: acme.readTenant }, table.records);
    await recordHistory({ ...acme.deps, keyedHash }, [...table.records, ...table.records]);
    expect(bus.told).toEqual([
      {
        id: expect.any(String),
        type: 'webhook.off',
        tenant: 'acme',
        at: expect.any(String),
        data: { since, reason: 'status 503' },
      },
    ]);
    const history = await acme.ask('list-tenant-history', { day: bus.told[0]?.at.slice(0, 10) });
    expect(history).toMatchObject({ entries: [{ kind: 'webhook-off', ...off }] });
  });

  it('gets nothing while it is off, and everything again once its settings are saved, also the same ones', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    await oneADay(acme, acme.deps, 5);
    acme.posted.splice(0);
    acme.sent.splice(0);

    await acme.deliver(message({ id: 'evt_lost' }));
    const saved = await acme.ask('put-webhook', { settings: { url: URL, secret: 'ssm:old' } });
    await acme.deliver(message({ id: 'evt_new' }));

    expect(acme.posted.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_new']);
    expect(saved).toMatchObject({ state: 'on', version: 3 });
    expect(saved).not.toHaveProperty('off');
    expect(await acme.ask('get-webhook')).toEqual(saved);
  });

  it('stays on after one success in between', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    await oneADay(acme, acme.deps, 2);
    await acme.deliver();
    await deliverWebhooks({ ...acme.deps, post: async () => ({ status: 200 }) }, [message({ id: 'evt_good' })]);
    acme.sent.splice(0);

    await oneADay(acme, acme.deps, 2);

    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'on' });
  });

  it('stays on while the fault is ours', async () => {
    const acme = await aTenant();
    const readSecret = () => Promise.reject(new Error('no answer'));

    await oneADay(acme, { ...acme.deps, readSecret }, 5);

    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'on', version: 1 });
  });

  it('stays on when an event fails once after quiet days, and its retry succeeds', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    await passTime(acme, acme.deps, [bodyOf()], 10 * DAY);

    await acme.deliver(message({ id: 'evt_later' }));

    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'on' });
  });

  it('starts its three days anew when its settings are saved', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    await oneADay(acme, acme.deps, 2);
    acme.sent.splice(0);
    await acme.ask('put-webhook', { settings: { url: 'https://hooks.acme.example/new', secret: 'ssm:old' } });

    await oneADay(acme, acme.deps, 2);

    expect(await acme.ask('get-webhook')).toMatchObject({ state: 'on' });
  });

  it('leaves nothing behind when it is deleted', async () => {
    const acme = await aTenant({ answer: { status: 503 } });
    await acme.deliver(message());

    await acme.ask('delete-webhook');

    expect(acme.table.items().filter(({ pk }) => pk.startsWith('WEBHOOK#'))).toEqual([]);
  });
});
