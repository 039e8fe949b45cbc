import { createHash } from 'node:crypto';
import type { Instant } from '../licensing/time.ts';

/** What the service tells of; how each comes about: `event-kinds.ts`. */
export type EventType =
  | 'license.denied'
  | 'license.expiring'
  | 'pool.low'
  | 'pool.exhausted'
  | 'import.finished'
  | 'renewal.finished'
  | 'cleanup.stuck';

/** Something that happened at a tenant. May be told more than once, by the same id; in no order. */
export type ServiceEvent = {
  readonly id: string;
  readonly type: EventType;
  readonly tenant: string;
  readonly at: Instant;
  readonly data: Readonly<Record<string, unknown>>;
};

/** The same for the same occurrence, whenever and however often it is derived. */
export function eventId(type: EventType, tenant: string, occurrence: readonly string[]): string {
  const text = JSON.stringify([type, tenant, ...occurrence]);
  return `evt_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
