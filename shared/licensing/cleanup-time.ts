// biome-ignore lint/style/noRestrictedImports: calendar arithmetic across daylight saving is a library's work, and pure.
import { Temporal } from 'temporal-polyfill';
import type { Day, Instant } from './time.ts';

/**
 * The tenant's cleanup hour (0–23) of the calendar day after `now` (R39). An hour that daylight saving skips: the first
 * moment after it; one that occurs twice: the first.
 */
export function nextCleanup(timeZone: string, hour: number, now: Instant): Instant {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  return cleanupOn(timeZone, hour, today.add({ days: 1 }).toString());
}

/** The cleanup hour of one calendar day (R39, R43). */
export function cleanupOn(timeZone: string, hour: number, day: Day): Instant {
  const wanted = Temporal.PlainDate.from(day).toPlainDateTime({ hour });
  const earlier = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isSkipped = !earlier.toPlainDateTime().equals(wanted);
  const moment = isSkipped ? (earlier.getTimeZoneTransition('next') ?? earlier) : earlier;
  return moment.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The first moment of a calendar day. */
export function startOfDay(timeZone: string, day: Day): Instant {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The day `days` after another; before it, when negative. */
export function dayAfter(day: Day, days = 1): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** How many days lie between two others, neither counted; none when they follow one another or overlap. */
export function daysBetween(last: Day, first: Day): number {
  return Math.max(0, Temporal.PlainDate.from(last).until(first, { largestUnit: 'days' }).days - 1);
}
