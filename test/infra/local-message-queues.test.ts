import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openMessageQueues } from '../../infra/local/message-queues.ts';
import type { LocalFunction } from '../../infra/local/resources.ts';
import type { Template } from '../../infra/local/template.ts';
import { seededRandom } from '../../shared/platform/random.ts';

const QUEUE = 'arn:aws:sqs:eu-north-1:000000000000:webhooks';
const DEAD = 'arn:aws:sqs:eu-north-1:000000000000:dead';
const BODIES = Array.from({ length: 60 }, (_, place) => String(place));

const properties: Readonly<Record<string, Record<string, object>>> = {
  'AWS::SQS::Queue': { webhooks: { RedrivePolicy: { deadLetterTargetArn: DEAD, maxReceiveCount: 1 } }, dead: {} },
  'AWS::Lambda::EventSourceMapping': { mapping: { EventSourceArn: QUEUE, FunctionName: 'f', BatchSize: 2 } },
};
const template = {
  ofType: (type: string) => Object.entries(properties[type] ?? {}).map(([id, Properties]) => [id, { Properties }]),
  arn: (id: string) => `arn:aws:sqs:eu-north-1:000000000000:${id}`,
} as unknown as Template;

/** Sends sixty messages; returns what the function got, in its order. */
async function delivered(seed: number): Promise<readonly string[]> {
  const seen: string[] = [];
  const queues = openMessageQueues(template, {
    state: new DatabaseSync(':memory:'),
    clock: { now: () => 0 } as never,
    random: seededRandom(seed),
    lambdas: {
      find: () => ({}) as LocalFunction,
      invoke: async (_, payload) => {
        const { Records } = JSON.parse(payload) as { Records: { body: string }[] };
        seen.push(...Records.map(({ body }) => body));
        return { ok: true, payload: '{}' };
      },
    },
  });
  for (const body of BODIES) queues.send(QUEUE, body);
  queues.startDue();
  await queues.settle();
  return seen;
}

test('messages come in another order, each at least once and at most twice', async () => {
  const seen = await delivered(1);
  const times = BODIES.map((body) => seen.filter((one) => one === body).length);

  expect(new Set(times)).toEqual(new Set([1, 2]));
  expect([...new Set(seen)]).not.toEqual(BODIES);
  expect([...new Set(seen)].toSorted()).toEqual(BODIES.toSorted());
});

test('a seed repeats an order, and another seed gives another one', async () => {
  expect(await delivered(1)).toEqual(await delivered(1));
  expect(await delivered(2)).not.toEqual(await delivered(1));
});
