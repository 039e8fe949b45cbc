// biome-ignore lint/style/noRestrictedImports: calendar arithmetic across daylight saving is a library's work, and pure.
import { Temporal } from 'temporal-polyfill';
import type { Day, Instant } from './time.ts';

/** Returns the instant of the tenant's cleanup hour (0–23) on the calendar day after `now` (R39). */
export function nextCleanup(timeZone: string, hour: number, now: Instant): Instant {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  return cleanupOn(timeZone, hour, today.add({ days: 1 }).toString());
}

/**
 * Returns the instant of the cleanup hour on one calendar day (R39, R43). If daylight saving skips the hour, this is
 * the first moment after the gap. If the hour occurs twice, this is the first occurrence.
 */
export function cleanupOn(timeZone: string, hour: number, day: Day): Instant {
  const wanted = Temporal.PlainDate.from(day).toPlainDateTime({ hour });
  const earlier = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isSkipped = !earlier.toPlainDateTime().equals(wanted);
  const moment = isSkipped ? (earlier.getTimeZoneTransition('next') ?? earlier) : earlier;
  return moment.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** Returns the first moment of a calendar day in the time zone (IANA name). */
export function startOfDay(timeZone: string, day: Day): Instant {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The last day whose year has four digits. Days are compared as text. */
const LAST_DAY: Day = '9999-12-31';

/**
 * Returns the day `days` after another one, or before it when `days` is negative. Returns 9999-12-31 for each later
 * day.
 */
export function dayAfter(day: Day, days = 1): Day {
  const result = Temporal.PlainDate.from(day).add({ days });
  return result.year > 9_999 ? LAST_DAY : result.toString();
}

/**
 * Returns how many days lie between two days, counting neither of them. Returns 0 when they are adjacent or overlap.
 */
export function daysBetween(last: Day, first: Day): number {
  return Math.max(0, Temporal.PlainDate.from(last).until(first, { largestUnit: 'days' }).days - 1);
}
