import * as z from 'zod/mini';
import { type BatchAnswer, failuresOf } from '../../shared/aws/batch-answer.ts';
import type { SendMessage } from '../../shared/aws/message-queue.ts';
import { placeOfError } from '../../shared/platform/place-of-error.ts';
import { type DeliveryOutcome, deliverToTenant, type ReceiverDeps } from './deliver-to-tenant.ts';
import { afterFailedTry, messageOf, readWaitingEvent, type WaitingEvent, waitingUntil } from './waiting-event.ts';

export type DeliverDeps = ReceiverDeps & {
  readonly sendMessage: SendMessage;
  /** The queue of the events that were given up. */
  readonly undeliveredArn: string;
};

const queuedMessage = z.object({ messageId: z.string(), eventSourceARN: z.string(), body: z.string() });
export type QueuedMessage = z.infer<typeof queuedMessage>;

export const queueEvent = z.object({ Records: z.array(queuedMessage) });

/** A message that is due, and what it says. */
type Received = { readonly message: QueuedMessage; readonly waiting: WaitingEvent };

/** The longest delay of a message in SQS, in seconds. For a longer pause the message is sent several times. */
const LONGEST_DELAY = 900;

/**
 * Delivers events to their tenants' webhooks. If a delivery fails for whatever reason, the event follows the schedule
 * of retries: a copy of its message is sent with a delay, and the message itself is done. So a waiting event is not in
 * flight. After the last try the event goes to the dead-letter queue. An event may be delivered twice: `webhook-id` is
 * the event's id. Returns the messages whose copy could not be sent. SQS itself delivers these again.
 */
export async function deliverWebhooks(deps: DeliverDeps, messages: readonly QueuedMessage[]): Promise<BatchAnswer> {
  const failed: string[] = [];
  const attempt = async ({ messageId }: QueuedMessage, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      deps.log('webhook-undecided', { messageId, ...placeOfError(error) });
      failed.push(messageId);
    }
  };
  const due = new Map<string, Received[]>();
  const others: Promise<void>[] = [];
  for (const message of messages) {
    const waiting = readMessage(deps, message);
    if (waiting === undefined) {
      others.push(
        attempt(message, () => giveUp(deps, message.body, { messageId: message.messageId, why: 'unreadable' })),
      );
    } else if (deps.clock.now() < waiting.dueAt) {
      others.push(attempt(message, () => sendAgain(deps, message, waiting)));
    } else {
      const { tenant } = waiting.event;
      due.set(tenant, [...(due.get(tenant) ?? []), { message, waiting }]);
    }
  }
  const deliveries = [...due].map(async ([tenantId, received]) => {
    const events = received.map(({ waiting }) => waiting);
    const outcomes = await deliverToTenant(deps, tenantId, events);
    const concluded = received.map((one) =>
      attempt(one.message, () => conclude(deps, one, outcomes.get(one.waiting) ?? { kind: 'failed' })),
    );
    await Promise.all(concluded);
  });
  await Promise.all([...others, ...deliveries]);
  return failuresOf(failed);
}

function readMessage({ clock }: DeliverDeps, { body }: QueuedMessage): WaitingEvent | undefined {
  try {
    return readWaitingEvent(body, clock.now());
  } catch {
    return undefined;
  }
}

async function conclude(deps: DeliverDeps, { message, waiting }: Received, outcome: DeliveryOutcome): Promise<void> {
  const now = deps.clock.now();
  const { id, tenant, type } = waiting.event;
  switch (outcome.kind) {
    case 'done':
      return;
    case 'failed': {
      const next = afterFailedTry(waiting, now);
      if (next !== undefined) return sendAgain(deps, message, next);
      return giveUp(deps, waiting.fromBus, { id, tenant, type, why: 'last try' });
    }
    case 'held': {
      const next = waitingUntil(waiting, outcome.until);
      if (next !== undefined) return sendAgain(deps, message, next);
      return giveUp(deps, waiting.fromBus, { id, tenant, type, why: 'too old' });
    }
  }
}

async function sendAgain(
  { sendMessage, clock }: DeliverDeps,
  { eventSourceARN }: QueuedMessage,
  waiting: WaitingEvent,
): Promise<void> {
  const seconds = Math.ceil((Date.parse(waiting.dueAt) - Date.parse(clock.now())) / 1_000);
  await sendMessage(eventSourceARN, messageOf(waiting), Math.min(seconds, LONGEST_DELAY));
}

async function giveUp(
  { sendMessage, undeliveredArn, log }: DeliverDeps,
  body: string,
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  await sendMessage(undeliveredArn, body, 0);
  log('webhook-given-up', ids);
}
