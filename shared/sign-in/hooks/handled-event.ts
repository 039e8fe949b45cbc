import * as z from 'zod/mini';
import { absent, any, asRead, atMost } from '../../licensing/clause.ts';
import type { Receipt } from '../../licensing/login/receipt.ts';
import { DAY, epochSeconds, type Instant, plus } from '../../licensing/time.ts';
import type { Item, Key, Write } from '../../platform/ports/table.ts';
import { receipt } from '../../store/items.ts';
import { hookEventKey } from '../../store/keys.ts';
import type { Provider } from '../providers/providers.ts';
import { derivedId, type SessionEvent } from '../providers/session-event.ts';

/** Longer than any provider sends again what it has sent before. */
const KEPT = 8 * DAY;

/** What an event came to the first time. The user and the session are not in it: the event says who they are. */
export type HandledEvent = {
  /** Of what must be the same for the event to be the same. */
  readonly fingerprint: string;
  /** Of a login or an activity. */
  readonly receipt?: Omit<Receipt, 'user' | 'session'>;
};

const withoutPerson = z.omit(receipt, { user: true, session: true });

const stored = z.object({
  fingerprint: z.string(),
  receipt: z.exactOptional(withoutPerson),
  expiresAt: z.string(),
});

/** An event's id is its provider's and of the provider's own tenant. */
export function handledEventKey(tenantId: string, provider: Provider, event: SessionEvent): Key {
  return hookEventKey(tenantId, derivedId(provider, event.tenant, event.id));
}

/** Reads what an event came to, for eight days. DynamoDB's TTL is lazy, so `expiresAt` is compared here. */
export function handledEventOf(item: Item | undefined, now: Instant): HandledEvent | undefined {
  if (item === undefined) return undefined;
  const { expiresAt, ...handled } = stored.parse(item);
  return now < expiresAt ? handled : undefined;
}

/**
 * Refused when the event was handled meanwhile. `over`: the item of an answer that is not true any more, which gives way if
 * it is as it was read.
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
