import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { deliverWebhooks, type QueuedMessage } from '../../../functions/deliver-webhook/deliver-webhooks.ts';
import { MOST_TRIES } from '../../../functions/deliver-webhook/retry-schedule.ts';
import type { PostAnswer, PostWebhook } from '../../../shared/aws/post-webhook.ts';
import type { SecretReference } from '../../../shared/platform/ports/secret-reference.ts';
import { cachedSecrets } from '../../../shared/sign-in/hooks/cached-secrets.ts';
import { aCommandWorld } from '../../fakes/command-world.ts';

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

const message = (facts: Partial<typeof EVENT> & { readonly type?: string } = {}, tries = 1): QueuedMessage => {
  const { type = 'import.finished', ...detail } = { ...EVENT, ...facts };
  return {
    messageId: `message of ${detail.id}`,
    receiptHandle: `receipt of ${detail.id}`,
    eventSourceARN: 'arn:aws:sqs:eu-north-1:111122223333:webhooks',
    body: JSON.stringify({ source: 'esm-license-service', 'detail-type': type, detail }),
    attributes: { ApproximateReceiveCount: String(tries) },
  };
};

async function aTenant({
  settings = { url: 'https://hooks.acme.example/licenses', secret: 'ssm:old' },
  answer = { status: 204 },
}: {
  readonly settings?: object | null;
  readonly answer?: PostAnswer;
} = {}) {
  const office = await aCommandWorld({});
  if (settings !== null) await office.ask('put-webhook', { settings });
  const posted: { url: string; body: string; headers: Readonly<Record<string, string>> }[] = [];
  const hidden: unknown[] = [];
  const logged: unknown[][] = [];
  const post: PostWebhook = async (url, sent) => {
    posted.push({ url, ...sent });
    return answer;
  };
  const deps = {
    ...office.deps,
    log: (...line: unknown[]) => void logged.push(line),
    readSecret: async (tenant: string, { kind, name }: SecretReference) => SECRETS[`${tenant} ${kind}:${name}`],
    post,
    hideFor: async ({ receiptHandle }: QueuedMessage, seconds: number) => void hidden.push([receiptHandle, seconds]),
  };
  const deliver = async (...messages: QueuedMessage[]) =>
    (await deliverWebhooks(deps, messages)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  return { ...office, deliver, posted, hidden, logged, deps };
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

  it.each([
    [{ status: 500 }, 1, 5],
    [{ status: 301 }, 2, 300],
    [{ status: 404 }, 3, 1_800],
    [{ failed: 'time' }, 7, 36_000],
    [{ failed: 'address' }, MOST_TRIES, 0],
  ] as const)('retries a delivery answered with %o at try %i after %i s', async (answer, tries, pause) => {
    const { deliver, hidden, logged } = await aTenant({ answer });

    expect(await deliver(message({}, tries))).toEqual(['message of evt_1']);

    expect(hidden).toEqual([['receipt of evt_1', pause]]);
    expect(logged).toEqual([['webhook-failed', expect.objectContaining({ tries, ...answer })]]);
  });

  it('delivers each message by itself', async () => {
    const { deliver, posted, deps } = await aTenant();
    const flaky: PostWebhook = async (url, sent) =>
      sent.headers['webhook-id'] === 'evt_1' ? { status: 503 } : deps.post(url, sent);

    const { batchItemFailures } = await deliverWebhooks({ ...deps, post: flaky }, [
      message(),
      { ...message({ id: 'evt_2' }), body: 'not an event' },
      message({ id: 'evt_3' }),
    ]);

    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message of evt_1' }, { itemIdentifier: 'message of evt_2' }]);
    expect(posted.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_3']);
    expect(await deliver()).toEqual([]);
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

  it('posts nothing unsigned: an event without its secret waits', async () => {
    const { deliver, posted, hidden } = await aTenant({
      settings: { url: 'https://hooks.acme.example/', secret: 'ssm:gone' },
    });

    expect(await deliver(message())).toHaveLength(1);
    expect([posted, hidden.length]).toEqual([[], 1]);
  });
});
