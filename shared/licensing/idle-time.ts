import { DAY, MINUTE } from './time.ts';

/**
 * The bounds and the default of the idle time, in milliseconds: the time without activity after which a session ends.
 */
export const SHORTEST_IDLE_TIME = 5 * MINUTE;
export const LONGEST_IDLE_TIME = 30 * DAY;
export const DEFAULT_IDLE_TIME = 8 * 60 * MINUTE;

/**
 * Returns the idle time that applies, in milliseconds: the nearest value within the bounds, or the default if the
 * stored value is not a number. So a setting that is older than the bounds or was written by hand stops neither a login
 * nor the sweep of idle sessions.
 */
export function idleTimeThatCounts(stored: unknown): number {
  if (typeof stored !== 'number' || Number.isNaN(stored)) return DEFAULT_IDLE_TIME;
  return Math.min(Math.max(Math.round(stored), SHORTEST_IDLE_TIME), LONGEST_IDLE_TIME);
}

/**
 * Returns the interval in milliseconds at which activity of a session is stored: a tenth of the idle time, at most 5
 * minutes. So no session of an active user ends.
 */
export function activityNotedEvery(idleTimeout: number): number {
  return Math.min(5 * MINUTE, Math.floor(idleTimeout / 10));
}
