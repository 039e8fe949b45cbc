// biome-ignore lint/style/noRestrictedImports: calendar arithmetic across daylight saving is a library's work, and pure.
import { Temporal } from 'temporal-polyfill';
import type { Day, Instant } from './time.ts';

/**
 * The tenant's cleanup hour (0–23) of the calendar day after `now` (R39). An hour that daylight saving skips: the first
 * moment after it; one that occurs twice: the first.
 */
export function nextCleanup(timeZone: string, hour: number, now: Instant): Instant {
  const tomorrow = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate().add({ days: 1 });
  const wanted = tomorrow.toPlainDateTime({ hour });
  const earlier = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const isSkipped = !earlier.toPlainDateTime().equals(wanted);
  const moment = isSkipped ? (earlier.getTimeZoneTransition('next') ?? earlier) : earlier;
  return moment.toInstant().toString({ fractionalSecondDigits: 3 });
}

/** The first moment of a calendar day. */
export function startOfDay(timeZone: string, day: Day): Instant {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).toInstant().toString({ fractionalSecondDigits: 3 });
}
