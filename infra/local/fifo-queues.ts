import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import { type Answer, json } from './http.ts';
import type { Lambdas } from './lambda-endpoint.ts';
import { answerQueueCall, type Message, openReceiver, payloadOf, queuesIn, sent } from './queue-messages.ts';
import { transaction } from './state.ts';
import type { Template } from './template.ts';

/**
 * The FIFO queues that the template maps to functions, by the stack's clock. A group has one message at a time, the
 * oldest one. While it is hidden, the later ones of its group wait.
 */
export type FifoQueues = DueWork & {
  /** Returns whether a message has this content. */
  readonly holds: (text: string) => boolean;
  /** Serves SQS's `SendMessage` and `ChangeMessageVisibility` in the protocol of AWS. */
  readonly answer: (operation: string, body: string) => Answer;
};

const mappingProperties = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  ScalingConfig: z._default(z.object({ MaximumConcurrency: z.number() }), { MaximumConcurrency: 16 }),
});
type Mapping = z.infer<typeof mappingProperties>;

const sendMessage = z.object({
  MessageBody: z.string(),
  MessageGroupId: z.string(),
  MessageDeduplicationId: z.string(),
});
const visibility = z.object({ ReceiptHandle: z.string(), VisibilityTimeout: z.number() });

/** For how long a second message with the same id is dropped. */
const DEDUPLICATION_MS = 5 * 60_000;

export function openFifoQueues(
  template: Template,
  {
    state,
    clock,
    lambdas,
  }: { readonly state: DatabaseSync; readonly clock: Clock; readonly lambdas: Pick<Lambdas, 'find' | 'invoke'> },
): FifoQueues {
  state.exec(`
    CREATE TABLE IF NOT EXISTS fifo_messages (
      place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, queue TEXT NOT NULL, message_group TEXT NOT NULL,
      body TEXT NOT NULL, receives INTEGER NOT NULL DEFAULT 0, sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL,
      receipt TEXT, is_received INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE IF NOT EXISTS fifo_deduplication (
      queue TEXT NOT NULL, id TEXT NOT NULL, sent_at INTEGER NOT NULL, PRIMARY KEY (queue, id)) STRICT;
    -- The process that received a message is gone.
    UPDATE fifo_messages SET visible_at = 0, is_received = 0 WHERE is_received = 1;
  `);
  const insert = state.prepare(
    'INSERT INTO fifo_messages (id, queue, message_group, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const known = state.prepare('SELECT 1 FROM fifo_deduplication WHERE queue = ? AND id = ? AND sent_at > ?');
  const remember = state.prepare('INSERT OR REPLACE INTO fifo_deduplication (queue, id, sent_at) VALUES (?, ?, ?)');
  const next = state.prepare(`
    SELECT * FROM fifo_messages AS one WHERE queue = ? AND visible_at <= ? AND NOT EXISTS (
      SELECT 1 FROM fifo_messages AS earlier WHERE earlier.queue = one.queue
        AND earlier.message_group = one.message_group AND earlier.place < one.place)
    ORDER BY place LIMIT 1`);
  const keep = state.prepare('UPDATE fifo_messages SET is_received = 1 WHERE receipt = ?');
  const release = state.prepare('UPDATE fifo_messages SET is_received = 0 WHERE receipt = ?');
  const hide = state.prepare('UPDATE fifo_messages SET visible_at = ? WHERE receipt = ?');
  const remove = state.prepare('DELETE FROM fifo_messages WHERE receipt = ?');
  const containing = state.prepare('SELECT 1 FROM fifo_messages WHERE instr(body, ?) > 0');

  const queues = queuesIn(template, { isFifo: true });
  const receive = openReceiver(state, { table: 'fifo_messages', queues, clock });
  const mappings = template
    .ofType('AWS::Lambda::EventSourceMapping')
    .map(([, { Properties }]) => mappingProperties.parse(Properties))
    .filter(({ EventSourceArn }) => queues.has(EventSourceArn));
  const underWay = new Set<Promise<void>>();
  let halted = false;

  /** Receives the next message of a queue. */
  function take(queue: string): Message | undefined {
    return transaction(state, () => {
      for (;;) {
        const row = next.get(queue, clock.now());
        if (row === undefined) return undefined;
        const message = receive(row);
        if (message !== undefined) {
          keep.run(message.receipt);
          return message;
        }
      }
    });
  }

  async function deliver(message: Message, functionName: string): Promise<void> {
    const lambda = lambdas.find(functionName);
    const result = lambda && (await lambdas.invoke(lambda, payloadOf([message], clock)));
    if (halted) return;
    if (result?.ok === true) remove.run(message.receipt);
    else release.run(message.receipt);
  }

  const running = new Map<Mapping, number>();
  function deliverDue(): void {
    for (const mapping of mappings) {
      while (!halted && (running.get(mapping) ?? 0) < mapping.ScalingConfig.MaximumConcurrency) {
        const message = take(mapping.EventSourceArn);
        if (message === undefined) break;
        running.set(mapping, (running.get(mapping) ?? 0) + 1);
        const done = deliver(message, mapping.FunctionName).finally(() => {
          underWay.delete(done);
          running.set(mapping, (running.get(mapping) ?? 1) - 1);
          deliverDue();
        });
        underWay.add(done);
      }
    }
  }

  function send(queue: string, members: unknown): Answer {
    const reading = sendMessage.safeParse(members);
    if (!reading.success) return json(400, { __type: 'MissingParameter', message: reading.error.message });
    const { MessageBody: text, MessageGroupId: group, MessageDeduplicationId: deduplication } = reading.data;
    const now = clock.now();
    const id = randomUUID();
    transaction(state, () => {
      if (known.get(queue, deduplication, now - DEDUPLICATION_MS) !== undefined) return;
      remember.run(queue, deduplication, now);
      insert.run(id, queue, group, text, now, now);
    });
    queueMicrotask(deliverDue);
    return sent(id, text);
  }

  function changeVisibility(members: unknown): Answer {
    const { ReceiptHandle: receipt, VisibilityTimeout: seconds } = visibility.parse(members);
    const { changes } = hide.run(clock.now() + seconds * 1_000, receipt);
    return changes === 0 ? json(400, { __type: 'ReceiptHandleIsInvalid', message: receipt }) : json(200, {});
  }

  const operations = new Map([
    ['SendMessage', send],
    ['ChangeMessageVisibility', (_: string, members: unknown) => changeVisibility(members)],
  ]);
  return {
    holds: (text) => containing.get(text) !== undefined,
    answer: (operation, body) => answerQueueCall(queues, operations, { operation, body }),
    startDue: deliverDue,
    async settle() {
      const busy = underWay.size > 0;
      while (underWay.size > 0) await Promise.all(underWay);
      return busy;
    },
    halt() {
      halted = true;
    },
  };
}
