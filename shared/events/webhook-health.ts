import * as z from 'zod/mini';
import { absent, any, atMost } from '../licensing/clause.ts';
import { codesOf, type SentenceCode, sentence } from '../licensing/sentences.ts';
import { DAY, epochSeconds, type Instant, MINUTE, plus } from '../licensing/time.ts';
import { EVENT_TYPES, type EventType, eventId } from '../platform/ports/service-event.ts';
import type { Item, Write } from '../platform/ports/table.ts';
import { webhookHealthKey, webhookTestKey } from '../store/keys.ts';

export type DeliveryResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: SentenceCode<'deliveryRefusal'>; readonly status?: number };

const type = z.enum(EVENT_TYPES);
const refusal = z.object({
  at: z.string(),
  type,
  code: z.enum(codesOf('deliveryRefusal')),
  status: z.exactOptional(z.number()),
});

const stored = z.object({
  acceptedAt: z.exactOptional(z.string()),
  acceptedType: z.exactOptional(type),
  refusedAt: z.exactOptional(z.string()),
  refusal: z.exactOptional(refusal),
});

const storedTest = z.object({ eventId: z.string(), requestedAt: z.string() });

export type WebhookTest = z.infer<typeof storedTest>;

/**
 * Returns what is known of the deliveries. Times are up to a minute older than the delivery, except those of a test.
 */
export function webhookHealthOf(item: Item | undefined) {
  if (item === undefined) return {};
  const { acceptedAt, acceptedType, refusal: last } = stored.parse(item);
  return {
    ...(acceptedAt === undefined || acceptedType === undefined
      ? {}
      : { lastDelivery: { at: acceptedAt, type: acceptedType } }),
    ...(last === undefined ? {} : { lastRefusal: { ...last, why: sentence('deliveryRefusal', last.code, {}) } }),
  };
}

/**
 * Returns the write of the result of a delivery. Of the events other than a test, the last accepted and the last
 * refused one are written once a minute at most.
 */
export function webhookHealthWrite(tenantId: string, event: EventType, result: DeliveryResult, now: Instant): Write {
  const update = webhookHealthKey(tenantId);
  const name = `${result.kind}At`;
  const onlyIf = event === 'webhook.test' ? [] : [any(absent(name), atMost(name, plus(now, -MINUTE)))];
  if (result.kind === 'accepted') {
    return {
      update,
      set: [
        [name, now],
        ['acceptedType', event],
      ],
      onlyIf,
    };
  }
  const { kind: _, ...reason } = result;
  return {
    update,
    set: [
      [name, now],
      ['refusal', { at: now, type: event, ...reason }],
    ],
    onlyIf,
  };
}

/** Returns the test that is asked for now. The event of this id follows from the item. */
export function newWebhookTest(tenantId: string, now: Instant): WebhookTest {
  return { eventId: eventId('webhook.test', tenantId, [now]), requestedAt: now };
}

export function webhookTestItem(tenantId: string, test: WebhookTest): Item {
  return { ...webhookTestKey(tenantId), ...test, ttl: epochSeconds(plus(test.requestedAt, DAY)) };
}

export function webhookTestOf(item: Item): WebhookTest {
  return storedTest.parse(item);
}
