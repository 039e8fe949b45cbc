import type { Clock } from '../../shared/platform/clock.ts';
import type { Caller } from './caller.ts';

/** Returns after how many seconds the caller may call again; 0 if the caller may call now. */
export type CallRate = (caller: Caller) => number;

/** How many calls of one caller an instance of the function answers: in each second, and at once after a pause. */
const PER_SECOND = 50;
const BURST = 200;

/** For how many callers an instance counts. It forgets the caller who has been silent for the longest time. */
const MOST_CALLERS = 5_000;

type Bucket = { readonly tokens: number; readonly at: number };

/** Counts the calls of each caller with a token bucket. */
export function callRate(clock: Clock): CallRate {
  const buckets = new Map<string, Bucket>();
  return (caller) => {
    const name = JSON.stringify([caller.role === 'operator' ? null : caller.tenant, caller.actor]);
    const now = Date.parse(clock.now());
    const { tokens, at } = buckets.get(name) ?? { tokens: BURST, at: now };
    const filled = Math.min(BURST, tokens + (Math.max(0, now - at) / 1_000) * PER_SECOND);
    const isAllowed = filled >= 1;
    // A map keeps the order in which names were added, so the first name is that of the caller who has been silent for the longest time.
    buckets.delete(name);
    buckets.set(name, { tokens: isAllowed ? filled - 1 : filled, at: Math.max(now, at) });
    const [longestSilent] = buckets.keys();
    if (buckets.size > MOST_CALLERS && longestSilent !== undefined) buckets.delete(longestSilent);
    return isAllowed ? 0 : Math.ceil((1 - filled) / PER_SECOND);
  };
}
