import { EXPIRY_NOTICES } from '../licensing/advice/expiring-soon.ts';
import type { LastDay } from '../licensing/advice/expiry-calendar.ts';
import { cleanupOn, dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import type { Day, Instant } from '../licensing/time.ts';

export type CalendarFacts = {
  readonly tenantId: string;
  readonly timeZone: string;
  readonly today: Day;
  readonly days: readonly LastDay[];
};

/** The hour of the tenant's day at which a reminder comes. */
const REMINDED_AT = 9;

/**
 * Returns a calendar (iCalendar, RFC 5545) with one all-day event for each last day, and reminders 90, 30 and 7 days
 * before it. It has counts and no names. The same counts give the same text all day, so that its hash can serve as ETag.
 *
 * A reminder has an absolute time, at nine in the tenant's zone. Programs read a relative one such as `-P30D` as 720
 * hours before the midnight of their own zone, which is the day before when daylight saving begins in between.
 */
export function icalendar(facts: CalendarFacts): string {
  const { tenantId, timeZone, days } = facts;
  const name = `Licenses of ${tenantId}`;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//ESM License Service//Last days of licenses//EN',
    'CALSCALE:GREGORIAN',
    `NAME:${escaped(name)}`,
    `X-WR-CALNAME:${escaped(name)}`,
    `X-WR-TIMEZONE:${escaped(timeZone)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:PT12H',
    'X-PUBLISHED-TTL:PT12H',
    ...(days.length === 0 ? NO_EVENT : days.flatMap((day) => event(facts, day))),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

/** A calendar must have a component, even when nothing ends within the year. */
const NO_EVENT = [
  'BEGIN:VTIMEZONE',
  'TZID:Etc/UTC',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0000',
  'TZOFFSETTO:+0000',
  'END:STANDARD',
  'END:VTIMEZONE',
];

function event({ tenantId, timeZone, today }: CalendarFacts, { day, licenses, users }: LastDay): readonly string[] {
  const summary = `${counted(licenses, 'license ends', 'licenses end')}, ${counted(users, 'user', 'users')} concerned`;
  const description = `This is the last day of ${counted(licenses, 'license', 'licenses')} of ${tenantId}. ${counted(users, 'user has or uses', 'users have or use')} one of them.`;
  const reminders = EXPIRY_NOTICES.map((notice) => ({ notice, on: dayAfter(day, -notice) }));
  return [
    'BEGIN:VEVENT',
    `UID:last-day-${day}@${tenantId}.esm-license-service`,
    `DTSTAMP:${dateTime(startOfDay(timeZone, today))}`,
    `DTSTART;VALUE=DATE:${date(day)}`,
    `DTEND;VALUE=DATE:${date(dayAfter(day))}`,
    `SUMMARY:${escaped(summary)}`,
    `DESCRIPTION:${escaped(description)}`,
    'TRANSP:TRANSPARENT',
    ...reminders
      .filter(({ on }) => on >= today)
      .flatMap(({ notice, on }) => [
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        `TRIGGER;VALUE=DATE-TIME:${dateTime(cleanupOn(timeZone, REMINDED_AT, on))}`,
        `DESCRIPTION:${escaped(`In ${notice} days: ${summary}`)}`,
        'END:VALARM',
      ]),
    'END:VEVENT',
  ];
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

function date(day: Day): string {
  return day.replaceAll('-', '');
}

function dateTime(instant: Instant): string {
  return `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Returns a text as a value of the type TEXT. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r\n|\r|\n/g, '\\n');
}

/** The most bytes of a line, without its end. */
const MOST_BYTES = 75;

/**
 * Folds a line into parts of at most 75 bytes. A part after the first one begins with a blank, and no character is cut.
 */
export function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  for (const character of line) {
    if (Buffer.byteLength(part) + Buffer.byteLength(character) > MOST_BYTES) {
      parts.push(part);
      part = ' ';
    }
    part += character;
  }
  return [...parts, part].join('\r\n');
}
