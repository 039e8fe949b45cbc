import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import { type Answer, json } from './http.ts';
import { REGION, type Template } from './template.ts';

const queueProperties = z.object({
  FifoQueue: z._default(z.boolean(), false),
  VisibilityTimeout: z._default(z.number(), 30),
  RedrivePolicy: z.optional(z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() })),
});

/** The queues of one kind by their ARN. */
export type Queues = ReadonlyMap<string, z.infer<typeof queueProperties>>;

export function queuesIn(template: Template, { isFifo }: { readonly isFifo: boolean }): Queues {
  return new Map(
    template
      .ofType('AWS::SQS::Queue')
      .map(([logicalId, { Properties }]) => [template.arn(logicalId), queueProperties.parse(Properties)] as const)
      .filter(([, { FifoQueue }]) => FifoQueue === isFifo),
  );
}

const storedMessage = z.object({
  id: z.string(),
  queue: z.string(),
  body: z.string(),
  receives: z.number(),
  sent_at: z.number(),
  message_group: z.optional(z.string()),
});
/** A received message. Its receipt is valid until it is received again. */
export type Message = z.infer<typeof storedMessage> & { readonly receipt: string };

/**
 * Returns a function that receives a message of a table of the state: hides it for as long as its queue says. A message
 * that was received too often goes to the dead letters instead.
 */
export function openReceiver(
  state: DatabaseSync,
  { table, queues, clock }: { readonly table: string; readonly queues: Queues; readonly clock: Pick<Clock, 'now'> },
): (row: unknown) => Message | undefined {
  const hide = state.prepare(`UPDATE ${table} SET receives = ?, visible_at = ?, receipt = ? WHERE id = ?`);
  const redrive = state.prepare(`UPDATE ${table} SET queue = ?, receives = 0, visible_at = ? WHERE id = ?`);
  return (row) => {
    const message = storedMessage.parse(row);
    const { VisibilityTimeout: seconds, RedrivePolicy: policy } =
      queues.get(message.queue) ?? queueProperties.parse({});
    if (policy !== undefined && message.receives >= policy.maxReceiveCount) {
      redrive.run(policy.deadLetterTargetArn, clock.now(), message.id);
      console.error(`A message of ${message.queue} failed all its tries and was set aside`);
      return undefined;
    }
    const received = { ...message, receives: message.receives + 1, receipt: randomUUID() };
    hide.run(received.receives, clock.now() + seconds * 1_000, received.receipt, message.id);
    return received;
  };
}

const call = z.object({ QueueUrl: z.string() });

/** Serves a call of SQS in the protocol of AWS. `operations` get the ARN of the queue and the call's members. */
export function answerQueueCall(
  queues: Queues,
  operations: ReadonlyMap<string, (queue: string, members: unknown) => Answer>,
  { operation, body }: { readonly operation: string; readonly body: string },
): Answer {
  const serve = operations.get(operation);
  if (serve === undefined) {
    return json(400, { __type: 'InvalidAction', message: `The local stack does not know ${operation}` });
  }
  const members: unknown = JSON.parse(body);
  const { QueueUrl: url } = call.parse(members);
  const queue = [...queues.keys()].find((arn) => arn.endsWith(`:${url.split('/').at(-1)}`));
  return queue === undefined ? json(400, { __type: 'QueueDoesNotExist', message: url }) : serve(queue, members);
}

/** Returns SQS's answer to a sent message. */
export function sent(id: string, text: string): Answer {
  return json(200, { MessageId: id, MD5OfMessageBody: md5(text) });
}

/** Returns messages as Lambda passes them to a function. */
export function payloadOf(messages: readonly Message[], clock: Pick<Clock, 'now'>): string {
  return JSON.stringify({ Records: messages.map((message) => recordOf(message, clock.now())) });
}

function recordOf({ id, queue, body, receives, sent_at: sentAt, receipt, message_group: group }: Message, now: number) {
  return {
    messageId: id,
    receiptHandle: receipt,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: String(sentAt),
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: String(now),
      MessageGroupId: group,
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
