import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Random } from '../../shared/platform/random.ts';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import { type Answer, json } from './http.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { answerQueueCall, type Message, openReceiver, payloadOf, queuesIn, sent } from './queue-messages.ts';
import { transaction } from './state.ts';
import type { Template } from './template.ts';

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

const sendMessage = z.object({
  MessageBody: z.string(),
  DelaySeconds: z._default(z.number().check(z.minimum(0), z.maximum(900)), 0),
});
const partialFailure = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

/** One of this many messages is delivered twice. */
const ONE_TWICE_IN = 10;
/** How many of the waiting messages may change places. */
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
  const remove = state.prepare('DELETE FROM messages WHERE receipt = ?');
  const repeat = state.prepare('UPDATE messages SET receives = receives - 1, visible_at = ? WHERE receipt = ?');
  const repeated = new Set<string>();

  const queues = queuesIn(template, { isFifo: false });
  const receive = openReceiver(state, { table: 'messages', queues, clock });
  const mappings = template
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => mappingProperties.parse(Properties))
    .filter(({ EventSourceArn }) => queues.has(EventSourceArn));
  let underWay: Promise<boolean> | undefined;
  let halted = false;

  /** Receives the next messages of a queue, in any order. */
  function take({ EventSourceArn: queue, BatchSize: most }: Mapping): Message[] {
    return transaction(state, () =>
      visible
        .all(queue, clock.now(), MOST_SHUFFLED)
        .map((row) => ({ row, place: random(1_000_000) }))
        .toSorted((a, b) => a.place - b.place)
        .slice(0, most)
        .flatMap(({ row }) => receive(row) ?? []),
    );
  }

  async function deliver(mapping: Mapping): Promise<boolean> {
    const lambda = lambdas.find(mapping.FunctionName);
    const messages = take(mapping);
    if (lambda === undefined || messages.length === 0) return false;
    const result = await lambdas.invoke(lambda, payloadOf(messages, clock));
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

  function send(queue: string, members: unknown): Answer {
    const reading = sendMessage.safeParse(members);
    if (!reading.success) return json(400, { __type: 'InvalidParameterValue', message: reading.error.message });
    const { MessageBody: text, DelaySeconds: seconds } = reading.data;
    const id = randomUUID();
    insert.run(id, queue, text, clock.now(), clock.now() + seconds * 1_000);
    return sent(id, text);
  }

  const operations = new Map([['SendMessage', send]]);
  return {
    send(queueArn, body) {
      insert.run(randomUUID(), queueArn, body, clock.now(), clock.now());
    },
    answer: (operation, body) => answerQueueCall(queues, operations, { operation, body }),
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
