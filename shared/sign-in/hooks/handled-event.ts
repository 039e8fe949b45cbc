import * as z from 'zod/mini';
import { absent, any, asRead, atMost } from '../../licensing/clause.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import { DAY, epochSeconds, type Instant, plus } from '../../licensing/time.ts';
import type { Item, Key, Write } from '../../platform/ports/table.ts';
import { receipt } from '../../store/items.ts';
import { hookEventKey } from '../../store/keys.ts';
import type { Provider } from '../providers/providers.ts';
import { derivedId, type SessionEvent } from '../providers/session-event.ts';

/** Longer than any provider retries. */
const KEPT = 8 * DAY;

/** The outcome of an event when it first came. It leaves out the user and the session, because the event has them. */
export type HandledEvent = {
  /** A hash of everything that two deliveries of one event have in common. */
  readonly fingerprint: string;
  /** The answer to a login or an activity. */
  readonly receipt?: Omit<Receipt, 'user' | 'session'>;
};

const withoutPerson = z.omit(receipt, { user: true, session: true });

const stored = z.object({
  fingerprint: z.string(),
  receipt: z.exactOptional(withoutPerson),
  expiresAt: z.string(),
});

/** The id of an event is unique within its provider and the provider's own tenant. */
export function handledEventKey(tenantId: string, provider: Provider, event: SessionEvent): Key {
  return hookEventKey(tenantId, derivedId(provider, event.tenant, event.id));
}

/**
 * Reads the outcome of an event. It is kept for eight days. DynamoDB's TTL is lazy, so `expiresAt` is compared here.
 */
export function handledEventOf(item: Item | undefined, now: Instant): HandledEvent | undefined {
  if (item === undefined) return undefined;
  const { expiresAt, ...handled } = stored.parse(item);
  return now < expiresAt ? handled : undefined;
}

/**
 * Returns the write that stores an outcome. It is refused when the event was handled concurrently. `over` is the item
 * of an answer that is no longer true, which is replaced if it is as it was read.
 */
export function handledEventWrite(
  key: Key,
  { fingerprint, receipt: full }: HandledEvent,
  now: Instant,
  over?: Item,
): Write {
  const expiresAt = plus(now, KEPT);
  const told = full === undefined ? {} : { receipt: withoutPerson.parse(full) };
  return {
    put: { ...key, fingerprint, ...told, expiresAt, ttl: epochSeconds(expiresAt) },
    onlyIf: [over === undefined ? any(absent('pk'), atMost('expiresAt', now)) : asRead('receipt', over['receipt'])],
  };
}
