import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, vi } from 'vitest';
import { openFifoQueues } from '../../infra/local/fifo-queues.ts';
import type { InvokeResult } from '../../infra/local/lambda-pool.ts';
import type { LocalFunction } from '../../infra/local/resources.ts';
import type { Template } from '../../infra/local/template.ts';

const QUEUE = 'arn:aws:sqs:eu-north-1:000000000000:imports.fifo';
const DEAD = 'arn:aws:sqs:eu-north-1:000000000000:dead.fifo';
const MINUTE = 60_000;

type Resources = ReturnType<Template['ofType']>;

const resources: Readonly<Record<string, Resources>> = {
  'AWS::SQS::Queue': [
    [
      'imports',
      { FifoQueue: true, VisibilityTimeout: 960, RedrivePolicy: { deadLetterTargetArn: DEAD, maxReceiveCount: 3 } },
    ],
    ['dead', { FifoQueue: true }],
    ['webhooks', {}],
  ].map(([id, Properties]) => [id, { Type: 'AWS::SQS::Queue', Properties, Metadata: {} }] as Resources[number]),
  'AWS::Lambda::EventSourceMapping': [
    [
      'mapping',
      {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: QUEUE, FunctionName: 'f', ScalingConfig: { MaximumConcurrency: 2 } },
        Metadata: {},
      },
    ],
  ],
};

const template = {
  ofType: (type: string) => resources[type] ?? [],
  arn: (id: string) => ({ imports: QUEUE, dead: DEAD })[id] ?? `arn:aws:sqs:eu-north-1:000000000000:${id}`,
} as Template;

/** A queue whose function answers when the test says so. */
function aQueue(state = new DatabaseSync(':memory:')) {
  let now = 0;
  const calls: { readonly body: string; readonly receipt: string; readonly end: (result: boolean) => Promise<void> }[] =
    [];
  const invoke = (_: LocalFunction, payload: string): Promise<InvokeResult> =>
    new Promise((resolve) => {
      const [{ body, receiptHandle: receipt }] = JSON.parse(payload).Records;
      const end = async (ok: boolean) => {
        resolve({ ok, payload: '{}' } as InvokeResult);
        await new Promise((done) => setImmediate(done));
      };
      calls.push({ body, receipt, end });
    });
  const clock = { now: () => now } as Parameters<typeof openFifoQueues>[1]['clock'];
  const queues = openFifoQueues(template, { state, clock, lambdas: { find: () => ({}) as LocalFunction, invoke } });
  const ask = (operation: string, members: object) =>
    queues.answer(operation, JSON.stringify({ QueueUrl: 'http://127.0.0.1/000000000000/imports.fifo', ...members }));
  const send = async (group: string, text: string, id = text) => {
    const answer = ask('SendMessage', { MessageBody: text, MessageGroupId: group, MessageDeduplicationId: id });
    await new Promise((done) => setImmediate(done));
    return answer.status;
  };
  const move = async (milliseconds: number) => {
    now += milliseconds;
    queues.startDue();
    await new Promise((done) => setImmediate(done));
  };
  const bodies = () => calls.map(({ body }) => body);
  return { state, queues, calls, bodies, ask, send, move };
}

describe('a FIFO queue of the local stack', () => {
  test('delivers one message of a group at a time, in order, and those of another group meanwhile', async () => {
    const { send, bodies, calls } = aQueue();
    await send('acme', 'a1');
    await send('acme', 'a2');
    await send('globex', 'g1');

    expect(bodies()).toEqual(['a1', 'g1']);
    await calls[0]!.end(true);
    expect(bodies()).toEqual(['a1', 'g1', 'a2']);
  });

  test('delivers to no more executions than the mapping says', async () => {
    const { send, bodies, calls } = aQueue();
    for (const group of ['one', 'two', 'three']) await send(group, group);

    expect(bodies()).toEqual(['one', 'two']);
    await calls[1]!.end(true);
    expect(bodies()).toEqual(['one', 'two', 'three']);
  });

  test('delivers a failed message again when it is visible, before the later ones of its group', async () => {
    const { send, bodies, calls, ask, move } = aQueue();
    await send('acme', 'a1');
    await send('acme', 'a2');

    expect(ask('ChangeMessageVisibility', { ReceiptHandle: calls[0]!.receipt, VisibilityTimeout: 60 }).status).toBe(
      200,
    );
    await calls[0]!.end(false);
    await move(MINUTE - 1);
    expect(bodies()).toEqual(['a1']);
    await move(1);
    expect(bodies()).toEqual(['a1', 'a1']);
  });

  test('sets a message aside after three deliveries, and goes on with its group', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const { send, bodies, calls, move, state } = aQueue();
    await send('acme', 'a1');
    await send('acme', 'a2');

    for (let tries = 0; tries < 3; tries += 1) {
      await calls[tries]!.end(false);
      await move(16 * MINUTE);
    }

    expect(bodies()).toEqual(['a1', 'a1', 'a1', 'a2']);
    expect(state.prepare('SELECT queue, body FROM fifo_messages ORDER BY place').all()).toMatchObject([
      { queue: DEAD, body: 'a1' },
      { queue: QUEUE, body: 'a2' },
    ]);
  });

  test('drops a message with the id of an earlier one for five minutes', async () => {
    const { send, bodies, calls, move } = aQueue();
    await send('acme', 'a1');
    await calls[0]!.end(true);
    await send('acme', 'a1');
    expect(bodies()).toEqual(['a1']);

    await move(5 * MINUTE);
    await send('acme', 'a1');
    expect(bodies()).toEqual(['a1', 'a1']);
  });

  test('delivers a message again after the stack was killed in the middle', async () => {
    const { state, send, queues } = aQueue();
    await send('acme', 'a1');
    queues.halt();

    const again = aQueue(state);
    again.queues.startDue();

    expect(again.bodies()).toEqual(['a1']);
    expect(again.queues.holds('a1')).toBe(true);
  });

  test('refuses an unknown queue, a receipt that is not valid, and other operations', () => {
    const { ask, queues } = aQueue();
    const unknown = queues.answer('SendMessage', JSON.stringify({ QueueUrl: 'http://127.0.0.1/0/other.fifo' }));

    expect([
      unknown.status,
      ask('SendMessage', { MessageBody: 'x' }).status,
      ask('ChangeMessageVisibility', { ReceiptHandle: 'x', VisibilityTimeout: 1 }).status,
      ask('PurgeQueue', {}).status,
    ]).toEqual([400, 400, 400, 400]);
  });
});
