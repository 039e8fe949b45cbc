import * as z from 'zod/mini';
import { type BatchAnswer, failuresOf } from '../../shared/aws/batch-answer.ts';
import type { PostWebhook } from '../../shared/aws/post-webhook.ts';
import { signWebhook } from '../../shared/events/sign-webhook.ts';
import { type Webhook, webhookOf } from '../../shared/events/webhook.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { ReadSecret } from '../../shared/platform/ports/read-secret.ts';
import { readReference } from '../../shared/platform/ports/secret-reference.ts';
import { eventFromBus, type ServiceEvent } from '../../shared/platform/ports/service-event.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { webhookKey } from '../../shared/store/keys.ts';
import { pauseAfter } from './retry-schedule.ts';

export type DeliverDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly readSecret: ReadSecret;
  readonly post: PostWebhook;
  /** Hides a received message for this many seconds more. */
  readonly hideFor: (message: QueuedMessage, seconds: number) => Promise<void>;
};

const queuedMessage = z.object({
  messageId: z.string(),
  receiptHandle: z.string(),
  eventSourceARN: z.string(),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.string() }),
});
export type QueuedMessage = z.infer<typeof queuedMessage>;

export const queueEvent = z.object({ Records: z.array(queuedMessage) });

/**
 * Delivers events to their tenants' webhooks, each on its own. A delivery that failed (any answer but 2xx) is retried
 * after a pause that grows with the tries; after the last try the event goes to the dead-letter queue. An event may be
 * delivered twice: `webhook-id` is the event's id.
 */
export async function deliverWebhooks(deps: DeliverDeps, messages: readonly QueuedMessage[]): Promise<BatchAnswer> {
  const delivered = await Promise.allSettled(messages.map((message) => deliverOne(deps, message)));
  return failuresOf(
    messages.flatMap(({ messageId }, index) => {
      const one = delivered[index];
      return one?.status === 'fulfilled' && one.value ? [] : messageId;
    }),
  );
}

async function deliverOne(deps: DeliverDeps, message: QueuedMessage): Promise<boolean> {
  const event = eventFromBus(message.body);
  const item = await deps.table.get(webhookKey(event.tenant));
  const webhook = item === undefined ? undefined : webhookOf(item);
  if (webhook === undefined || !(webhook.types ?? [event.type]).includes(event.type)) return true;

  const tries = Number(message.attributes.ApproximateReceiveCount);
  const ids = { tenant: event.tenant, id: event.id, type: event.type, tries };
  const answer = await postSigned(deps, webhook, event);
  if ('status' in answer && answer.status >= 200 && answer.status < 300) {
    deps.log('webhook-delivered', ids);
    return true;
  }
  deps.log('webhook-failed', { ...ids, ...answer });
  await deps.hideFor(message, pauseAfter(tries));
  return false;
}

async function postSigned({ readSecret, post, clock }: DeliverDeps, webhook: Webhook, event: ServiceEvent) {
  const references = webhook.secret.flatMap((text) => readReference(text) ?? []);
  const secrets = await Promise.all(references.map((reference) => readSecret(webhook.tenant, reference)));
  const known = secrets.filter((secret) => secret !== undefined);
  if (known.length === 0) return { failed: 'secret' };
  return post(webhook.url, signWebhook(event, known, clock.now()));
}
