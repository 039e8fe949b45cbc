import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Random } from '../../shared/platform/random.ts';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import { type Answer, json } from './http.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { transaction } from './state.ts';
import { REGION, type Template } from './template.ts';

/**
 * The SQS queues that the template maps to functions, by the stack's clock. Messages come in any order. A message is
 * delivered at least once, sometimes twice, and after too many tries goes to the queue of dead letters.
 */
export type MessageQueues = DueWork & {
  /** Adds a message. It is stored durably when this returns. */
  readonly send: (queueArn: string, body: string) => void;
  /** Serves SQS's `SendMessage` in the protocol of AWS. */
  readonly answer: (operation: string, body: string) => Answer;
};

const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z._default(z.number(), 10),
});
type Mapping = z.infer<typeof mappingProperties>;

const queueProperties = z.object({
  VisibilityTimeout: z._default(z.number(), 30),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })),
});

const storedMessage = z.object({
  id: z.string(),
  queue: z.string(),
  body: z.string(),
  receives: z.number(),
  sent_at: z.number(),
});
type Message = z.infer<typeof storedMessage> & { readonly receipt: string };

const sendMessage = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  DelaySeconds: z._default(z.number().check(z.minimum(0), z.maximum(900)), 0),
});
const partialFailure = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** Of as many messages one is delivered twice. */
const ONE_TWICE_IN = 10;
/** As many of the messages that wait may change places. */
const MOST_SHUFFLED = 100;

export function openMessageQueues(
  template: Template,
  {
    state,
    clock,
    lambdas,
    random,
  }: {
    readonly state: DatabaseSync;
    readonly clock: Clock;
    readonly lambdas: Pick<Lambdas, 'find' | 'invoke'>;
    readonly random: Random;
  },
): MessageQueues {
  state.exec(`
    CREATE TABLE IF NOT EXISTS messages (
      place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
      receives INTEGER NOT NULL DEFAULT 0, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receipt TEXT) STRICT;
  `);
  const insert = state.prepare('INSERT INTO messages (id, queue, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)');
  const visible = state.prepare('SELECT * FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY place LIMIT ?');
  const receive = state.prepare('UPDATE messages SET receives = ?, visible_at = ?, receipt = ? WHERE id = ?');
  const remove = state.prepare('DELETE FROM messages WHERE receipt = ?');
  const repeat = state.prepare('UPDATE messages SET receives = receives - 1, visible_at = ? WHERE receipt = ?');
  const repeated = new Set<string>();
  const redrive = state.prepare('UPDATE messages SET queue = ?, receives = 0, visible_at = ? WHERE id = ?');

  const mappings = template
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => mappingProperties.parse(Properties))
    .filter(({ EventSourceArn }) => EventSourceArn.includes(':sqs:') && !EventSourceArn.endsWith('.fifo'));
  const queues = new Map(
    template
      .ofType('AWS::SQS::Queue')
      .map(([logicalId, { Properties }]) => [template.arn(logicalId), queueProperties.parse(Properties)]),
  );
  let underWay: Promise<boolean> | undefined;
  let halted = false;

  /**
   * Returns the next messages of a queue and hides them. Moves those that were received too often to the dead letters.
   */
  function take({ EventSourceArn: queue, BatchSize: most }: Mapping): Message[] {
    const { VisibilityTimeout: seconds, RedrivePolicy: policy } = queues.get(queue) ?? queueProperties.parse({});
    return transaction(state, () =>
      z
        .array(storedMessage)
        .parse(visible.all(queue, clock.now(), MOST_SHUFFLED))
        .map((message) => ({ message, place: random(1_000_000) }))
        .toSorted((a, b) => a.place - b.place)
        .slice(0, most)
        .map(({ message }) => message)
        .flatMap((message) => {
          if (policy !== undefined && message.receives >= policy.maxReceiveCount) {
            redrive.run(policy.deadLetterTargetArn, clock.now(), message.id);
            console.error(`A message of ${queue} failed all its tries and was set aside`);
            return [];
          }
          const received = { ...message, receives: message.receives + 1, receipt: randomUUID() };
          receive.run(received.receives, clock.now() + seconds * 1_000, received.receipt, message.id);
          return [received];
        }),
    );
  }

  async function deliver(mapping: Mapping): Promise<boolean> {
    const lambda = lambdas.find(mapping.FunctionName);
    const messages = take(mapping);
    if (lambda === undefined || messages.length === 0) return false;
    const records = messages.map((message) => recordOf(message, clock.now()));
    const result = await lambdas.invoke(lambda, JSON.stringify({ Records: records }));
    if (halted || !result.ok) return true;
    const failures = partialFailure.safeParse(JSON.parse(result.payload)).data?.batchItemFailures ?? [];
    const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id, receipt } of messages.filter((message) => !failed.has(message.id))) {
      if (!repeated.has(id) && random(ONE_TWICE_IN) === 0) {
        repeated.add(id);
        repeat.run(clock.now(), receipt);
      } else {
        repeated.delete(id);
        remove.run(receipt);
      }
    }
    return true;
  }

  async function deliverAll(): Promise<boolean> {
    let delivered = false;
    for (const mapping of mappings) {
      while (!halted && (await deliver(mapping))) delivered = true;
    }
    return delivered;
  }

  return {
    send(queueArn, body) {
      insert.run(randomUUID(), queueArn, body, clock.now(), clock.now());
    },
    answer(operation, body) {
      if (operation !== 'SendMessage') {
        return json(400, { __type: 'InvalidAction', message: `The local stack does not know ${operation}` });
      }
      const reading = sendMessage.safeParse(JSON.parse(body));
      if (!reading.success) return json(400, { __type: 'InvalidParameterValue', message: reading.error.message });
      const { QueueUrl: url, MessageBody: message, DelaySeconds: seconds } = reading.data;
      const arn = [...queues.keys()].find((one) => one.endsWith(`:${url.split('/').at(-1)}`));
      if (arn === undefined) return json(400, { __type: 'QueueDoesNotExist', message: url });
      const id = randomUUID();
      insert.run(id, arn, message, clock.now(), clock.now() + seconds * 1_000);
      return json(200, { MessageId: id, MD5OfMessageBody: md5(message) });
    },
    startDue() {
      underWay ??= deliverAll().finally(() => {
        underWay = undefined;
      });
    },
    async settle() {
      const before = (await underWay) ?? false;
      this.startDue();
      return ((await underWay) ?? false) || before;
    },
    halt() {
      halted = true;
    },
  };
}

/** Returns a message as Lambda passes it to a function. */
function recordOf({ id, queue, body, receives, sent_at: sentAt, receipt }: Message, now: number) {
  return {
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(now),
    },
    messageAttributes: {},
    md5OfBody: md5(body),
    eventSource: 'aws:sqs',
    eventSourceARN: queue,
    awsRegion: REGION,
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
