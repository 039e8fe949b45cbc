import ICAL from 'ical.js';
import ical from 'node-ical';
import { describe, expect, it } from 'vitest';
import { type CalendarFacts, escaped, folded, icalendar } from '../../shared/calendars/icalendar.ts';
import { dayAfter } from '../../shared/licensing/cleanup-time.ts';
import { dayIn } from '../../shared/licensing/time.ts';

const aCalendar = (facts: Partial<CalendarFacts> = {}): string =>
  icalendar({
    tenantId: 'acme',
    timeZone: 'Europe/Helsinki',
    today: '2026-03-02',
    days: [
      { day: '2026-06-30', licenses: 96, users: 41 },
      { day: '2027-01-14', licenses: 1, users: 1 },
    ],
    ...facts,
  });

/** The events of a calendar, as ical.js reads it. */
function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const reminders = component.getAllSubcomponents('valarm').map((alarm) => {
      const trigger = alarm.getFirstPropertyValue('trigger') as ICAL.Time;
      return trigger.toJSDate().toISOString();
    });
    return {
      uid: event.uid,
      start: event.startDate.toString(),
      end: event.endDate.toString(),
      isAllDay: event.startDate.isDate,
      summary: event.summary,
      reminders,
    };
  });
}

describe('a calendar of last days', () => {
  it('has one all-day event for each last day, with reminders 7, 30 and 90 days before', () => {
    expect(eventsOf(aCalendar())).toEqual([
      {
        uid: 'last-day-2026-06-30@acme.esm-license-service',
        start: '2026-06-30',
        end: '2026-07-01',
        isAllDay: true,
        summary: '96 licenses end, 41 users concerned',
        reminders: ['2026-06-23T06:00:00.000Z', '2026-05-31T06:00:00.000Z', '2026-04-01T06:00:00.000Z'],
      },
      {
        uid: 'last-day-2027-01-14@acme.esm-license-service',
        start: '2027-01-14',
        end: '2027-01-15',
        isAllDay: true,
        summary: '1 license ends, 1 user concerned',
        reminders: ['2027-01-07T07:00:00.000Z', '2026-12-15T07:00:00.000Z', '2026-10-16T06:00:00.000Z'],
      },
    ]);
  });

  it('opens in a second parser with the same events', () => {
    const components = Object.values(ical.sync.parseICS(aCalendar()));
    const events = components.filter((one) => one?.type === 'VEVENT');

    expect(events.map(({ uid, summary, datetype }) => ({ uid, summary, datetype }))).toEqual([
      {
        uid: 'last-day-2026-06-30@acme.esm-license-service',
        summary: '96 licenses end, 41 users concerned',
        datetype: 'date',
      },
      {
        uid: 'last-day-2027-01-14@acme.esm-license-service',
        summary: '1 license ends, 1 user concerned',
        datetype: 'date',
      },
    ]);
    expect(events.map(({ alarms }) => alarms?.length)).toEqual([3, 3]);
    expect(events.map(({ start }) => [start.getFullYear(), start.getMonth() + 1, start.getDate()])).toEqual([
      [2026, 6, 30],
      [2027, 1, 14],
    ]);
  });

  it.each([
    'Europe/Helsinki',
    'America/Sao_Paulo',
    'America/New_York',
    'Pacific/Auckland',
    'Africa/Cairo',
    'Asia/Tokyo',
  ])('reminds on the right day of %s all year, across daylight saving', (timeZone) => {
    const days = Array.from({ length: 366 }, (_, index) => dayAfter('2026-03-02', index));
    const text = aCalendar({ timeZone, days: days.map((day) => ({ day, licenses: 1, users: 0 })) });

    for (const { start, reminders } of eventsOf(text)) {
      const expected = [7, 30, 90].map((notice) => dayAfter(start, -notice)).filter((day) => day >= '2026-03-02');
      expect(reminders.map((instant) => dayIn(timeZone, instant))).toEqual(expected);
    }
  });

  it('has the same text all day, and the same ids of events on all days', () => {
    const ids = (text: string) => eventsOf(text).map(({ uid }) => uid);

    expect(aCalendar()).toBe(aCalendar());
    expect(ids(aCalendar({ today: '2026-05-30' }))).toEqual(ids(aCalendar()));
  });

  it('is valid without any event', () => {
    const text = aCalendar({ days: [] });

    expect(eventsOf(text)).toEqual([]);
    // RFC 5545, 3.6: a calendar must have at least one component.
    expect(new ICAL.Component(ICAL.parse(text)).getAllSubcomponents()).toHaveLength(1);
    expect(Object.values(ical.sync.parseICS(text)).map((one) => one?.type)).not.toContain('VEVENT');
  });

  it('has lines of at most 75 bytes that end in CR LF', () => {
    const text = aCalendar({ tenantId: 'a'.repeat(40) });

    expect(text.endsWith('\r\n')).toBe(true);
    const lines = text.slice(0, -2).split('\r\n');
    expect(lines.filter((line) => Buffer.byteLength(line) > 75 || /[\r\n]/.test(line))).toEqual([]);
    const [first] = eventsOf(text);
    expect(first?.uid).toBe(`last-day-2026-06-30@${'a'.repeat(40)}.esm-license-service`);
  });
});

describe('a text', () => {
  it.each(['a, b; c\\d', 'one\ntwo\r\nthree', 'ä😀'.repeat(40), ''])('is read as it was written: %j', (text) => {
    const lines = ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', `SUMMARY:${escaped(text)}`, 'END:VEVENT', 'END:VCALENDAR'];
    const component = new ICAL.Component(ICAL.parse(lines.map(folded).join('\r\n')));

    const read = component.getFirstSubcomponent('vevent')?.getFirstPropertyValue('summary');

    expect(read).toBe(text.replaceAll('\r\n', '\n'));
    for (const line of lines.map(folded).join('\r\n').split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    }
  });
});
