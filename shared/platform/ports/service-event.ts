import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Instant } from '../../licensing/time.ts';

/** The events that a webhook may receive. */
export const WEBHOOK_EVENT_TYPES = [
  'license.denied',
  'license.expiring',
  'pool.low',
  'pool.exhausted',
  'import.finished',
  'renewal.finished',
  'cleanup.stuck',
] as const;

/**
 * The events that the service publishes. `event-kinds.ts` says which change publishes which event. That a webhook was
 * switched off is for the bus only: the webhook could not receive it. A test goes to every webhook.
 */
export const EVENT_TYPES = [...WEBHOOK_EVENT_TYPES, 'webhook.off', 'webhook.test'] as const;

export type EventType = (typeof EVENT_TYPES)[number];

export type WebhookEventType = (typeof WEBHOOK_EVENT_TYPES)[number];

/** Something that happened at a tenant. It may be delivered more than once with the same id, and in any order. */
export type ServiceEvent = {
  readonly id: string;
  readonly type: EventType;
  readonly tenant: string;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Returns the id of an event. It is the same for the same occurrence, whenever and however often it is derived. */
export function eventId(type: EventType, tenantId: string, occurrence: readonly string[]): string {
  const text = JSON.stringify([type, tenantId, ...occurrence]);
  return `evt_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

const event = z.object({
  id: z.string(),
  type: z.enum(EVENT_TYPES),
  tenant: z.string(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
});

const delivered = z.object({ 'detail-type': z.string(), detail: z.looseObject({}) });

/** Reads the event from what a rule of the bus delivers. Throws for anything else. */
export function eventFromBus(text: string): ServiceEvent {
  const { 'detail-type': type, detail } = delivered.parse(JSON.parse(text));
  return event.parse({ ...detail, type });
}
