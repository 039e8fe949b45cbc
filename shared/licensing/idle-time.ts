import { DAY, MINUTE } from './time.ts';

/** After which time without activity a session ends: the tenant's setting is within these (milliseconds). */
export const SHORTEST_IDLE_TIME = 5 * MINUTE;
export const LONGEST_IDLE_TIME = 30 * DAY;
export const DEFAULT_IDLE_TIME = 8 * 60 * MINUTE;

/**
 * The idle time that counts, of one that is stored: the nearest within the bounds, and the default for what is no number.
 * So neither a setting from before there were bounds nor one that was written by hand stops a login or the sweep.
 */
export function idleTimeThatCounts(stored: unknown): number {
  if (typeof stored !== 'number' || Number.isNaN(stored)) return DEFAULT_IDLE_TIME;
  return Math.min(Math.max(Math.round(stored), SHORTEST_IDLE_TIME), LONGEST_IDLE_TIME);
}

/** How far apart activity of a session is noted: a tenth of the idle time, so that nobody active is cut off, and 5 minutes at most. */
export function activityNotedEvery(idleTimeout: number): number {
  return Math.min(5 * MINUTE, Math.floor(idleTimeout / 10));
}
