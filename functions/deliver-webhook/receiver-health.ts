import * as z from 'zod/mini';
import type { Webhook } from '../../shared/events/webhook.ts';
import { asRead, equal } from '../../shared/licensing/clause.ts';
import type { SwitchedOff } from '../../shared/licensing/history/history.ts';
import { DAY, epochSeconds, type Instant, later, MINUTE, plus } from '../../shared/licensing/time.ts';
import type { Item, Write } from '../../shared/platform/ports/table.ts';
import { deliveriesKey, webhookKey } from '../../shared/store/keys.ts';

/** The deliveries of a webhook that failed in a row. A success ends the row. */
export type Failures = {
  /** The version of the webhook. Saving its settings makes another one, whose deliveries are counted from zero. */
  readonly webhookVersion: number;
  readonly failures: number;
  readonly failingSince: Instant;
  readonly failedAt: Instant;
  /** Until then no delivery is tried. */
  readonly pausedUntil?: Instant;
};

/** So many failures in a row stop the deliveries for a while. */
const MOST_FAILURES = 5;

/**
 * How long the deliveries of a failing webhook pause, in milliseconds. Then one of its events is tried. A try may take
 * five seconds, so a dead receiver costs a sixtieth of one worker.
 */
const PAUSE = 5 * MINUTE;

/** A webhook that fails for so long, without one success, is switched off. */
const OFF_AFTER = 3 * DAY;

/** Failures are forgotten so long after the last of them, as are the events that were given up. */
const REMEMBERED = 14 * DAY;

const stored = z.object({
  webhookVersion: z.number(),
  failures: z.number(),
  failingSince: z.string(),
  failedAt: z.string(),
  pausedUntil: z.exactOptional(z.string()),
});

/** Returns the failures that still count. Returns undefined if no delivery failed with the present settings. */
export function countedFailures(item: Item | undefined, webhookVersion: number, now: Instant): Failures | undefined {
  const { data } = stored.safeParse(item);
  return data?.webhookVersion === webhookVersion && now < plus(data.failedAt, REMEMBERED) ? data : undefined;
}

export type Turn =
  | { readonly kind: 'open' }
  | { readonly kind: 'paused'; readonly until: Instant }
  /** The pause is over. Whoever writes `claim` tries one event; for everybody else the pause goes on. */
  | { readonly kind: 'probe'; readonly until: Instant; readonly claim: (tenantId: string) => Write };

/** Returns what may be delivered to a webhook now. */
export function turnOf(failures: Failures | undefined, now: Instant): Turn {
  const pausedUntil = failures?.pausedUntil;
  if (pausedUntil === undefined) return { kind: 'open' };
  if (now < pausedUntil) return { kind: 'paused', until: pausedUntil };
  const until = plus(now, PAUSE);
  const claim = (tenantId: string): Write => ({
    update: deliveriesKey(tenantId),
    set: [['pausedUntil', until]],
    onlyIf: [equal('pausedUntil', pausedUntil)],
  });
  return { kind: 'probe', until, claim };
}

/** Returns the failures after `count` more of them. */
export function withFailures(
  before: Failures | undefined,
  { count, webhookVersion, now }: { readonly count: number; readonly webhookVersion: number; readonly now: Instant },
): Failures {
  const failures = (before?.failures ?? 0) + count;
  return {
    webhookVersion,
    failures,
    failingSince: before?.failingSince ?? now,
    failedAt: now,
    ...(failures < MOST_FAILURES ? {} : { pausedUntil: plus(now, PAUSE) }),
  };
}

/** Returns whether a webhook has failed for so long that it is to be switched off. */
export function isHopeless({ failingSince, failedAt }: Failures): boolean {
  return failedAt >= plus(failingSince, OFF_AFTER);
}

/** Returns the write that switches a webhook off. It is refused when the webhook was saved since it was read. */
export function switchOffWrite({ tenant, version }: Webhook, off: SwitchedOff): Write {
  return {
    update: webhookKey(tenant),
    set: [
      ['off', off],
      ['version', version + 1],
      ['change', { actor: 'deliver-webhook', cause: 'webhook-off', at: off.at }],
    ],
    onlyIf: [equal('version', version)],
  };
}

/** Returns the write of failures. It is refused when others were noted, or a success, since `item` was read. */
export function failuresWrite(tenantId: string, item: Item | undefined, failures: Failures): Write {
  const { pausedUntil, ...members } = failures;
  return {
    update: deliveriesKey(tenantId),
    set: [
      ...Object.entries(members),
      ...(pausedUntil === undefined ? [] : [['pausedUntil', pausedUntil] as const]),
      ['ttl', epochSeconds(plus(failures.failedAt, REMEMBERED))],
    ],
    ...(pausedUntil === undefined ? { remove: ['pausedUntil'] } : {}),
    onlyIf: [asRead('failedAt', item?.['failedAt'])],
  };
}

/** Returns the write of a success, after which no failure counts. */
export function successWrite(tenantId: string, { webhookVersion }: Failures): Write {
  return {
    update: deliveriesKey(tenantId),
    remove: ['failures', 'failingSince', 'failedAt', 'pausedUntil'],
    onlyIf: [equal('webhookVersion', webhookVersion)],
  };
}

/** Returns when an event is received again that waits for a pause to end: the older it is, the less often. */
export function heldUntil(pausedUntil: Instant, firstTriedAt: Instant, now: Instant): Instant {
  const age = Date.parse(now) - Date.parse(firstTriedAt);
  return later(pausedUntil, plus(now, Math.min(age, 15 * MINUTE)));
}
