/** An instant: ISO 8601, UTC, with milliseconds (`2026-03-02T08:15:32.159Z`), so that text order is time order. */
export type Instant = string;

/** A calendar day in a tenant's time zone: `YYYY-MM-DD`. */
export type Day = string;

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** How far a provider's clock may be ahead of ours, in milliseconds. */
export const CLOCK_SKEW = 5 * MINUTE;

export function instantOf(epochMilliseconds: number): Instant {
  return new Date(epochMilliseconds).toISOString();
}

/** Returns whole seconds since 1970, the unit of the table's TTL. */
export function epochSeconds(instant: Instant): number {
  return Math.floor(Date.parse(instant) / 1_000);
}

/** Returns the instant `milliseconds` after `instant`, or before it when negative. */
export function plus(instant: Instant, milliseconds: number): Instant {
  return instantOf(Date.parse(instant) + milliseconds);
}

/** Returns the later of two instants, or of two days. */
export function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}

/** Returns the earlier of two instants, or of two days. */
export function earlier(one: Instant, other: Instant): Instant {
  return one < other ? one : other;
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/**
 * Returns the calendar day on which `instant` falls in `timeZone` (IANA name). Throws a RangeError for an unknown zone.
 */
export function dayIn(timeZone: string, instant: Instant): Day {
  let calendar = calendars.get(timeZone);
  if (calendar === undefined) {
    calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    calendars.set(timeZone, calendar);
  }
  return calendar.format(Date.parse(instant));
}
