import { MINUTE } from '../../shared/licensing/time.ts';

const HOUR = 60 * MINUTE;

/** How long an event waits after each failed try, in milliseconds, as Standard Webhooks recommends. */
const PAUSES = [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR] as const;

/**
 * How long an event is kept for its webhook after it was first received, in milliseconds: the sum of the pauses, and an
 * hour for what comes late.
 */
export const KEPT_FOR = PAUSES.reduce((sum, pause) => sum + pause, HOUR);

/** Returns the pause after so many failed tries, in milliseconds, or undefined when there is no further try. */
export function pauseAfter(tries: number): number | undefined {
  return PAUSES[tries - 1];
}
