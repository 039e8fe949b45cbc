import { describe, expect, it } from 'vitest';
import { dayAfter, nextCleanup, startOfDay } from '../../shared/licensing/cleanup-time.ts';

describe('the next cleanup (R39)', () => {
  it.each([
    [
      'is at the hour of the next calendar day',
      'Europe/Helsinki',
      3,
      '2026-03-02T08:15:00.000Z',
      '2026-03-03T01:00:00.000Z',
    ],
    [
      'counts the days of the tenant, not of UTC',
      'Europe/Helsinki',
      3,
      '2026-03-02T23:30:00.000Z',
      '2026-03-04T01:00:00.000Z',
    ],
    [
      'comes first moment after an hour that daylight saving skips',
      'Europe/Helsinki',
      3,
      '2026-03-28T10:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
    ],
    [
      'takes the first of an hour that occurs twice',
      'Europe/Helsinki',
      3,
      '2026-10-24T10:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
    ],
    [
      'follows a change of half an hour',
      'Australia/Lord_Howe',
      2,
      '2026-10-03T03:00:00.000Z',
      '2026-10-03T15:30:00.000Z',
    ],
    [
      'follows a day that begins at one o’clock',
      'Africa/Cairo',
      0,
      '2026-04-23T10:00:00.000Z',
      '2026-04-23T22:00:00.000Z',
    ],
    ['is right far west', 'Pacific/Pago_Pago', 3, '2026-03-02T10:59:00.000Z', '2026-03-02T14:00:00.000Z'],
    ['is right far east', 'Pacific/Kiritimati', 3, '2026-03-02T10:00:00.000Z', '2026-03-03T13:00:00.000Z'],
    [
      'skips to the day after one that a zone left out',
      'Pacific/Apia',
      3,
      '2011-12-30T08:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ],
  ])('%s', (_title, timeZone, hour, now, expected) => {
    expect(nextCleanup(timeZone, hour, now)).toBe(expected);
  });
});

describe('the day after', () => {
  it('leads over the ends of months and years, in both directions', () => {
    expect([dayAfter('2027-12-31'), dayAfter('2028-03-01', -1)]).toEqual(['2028-01-01', '2028-02-29']);
  });

  it('never leads to a year of five digits', () => {
    expect([dayAfter('9999-12-30'), dayAfter('9999-12-31'), dayAfter('9999-12-31', 400)]).toEqual(
      Array.from({ length: 3 }, () => '9999-12-31'),
    );
  });
});

describe('the start of a day', () => {
  it('is the first moment of the calendar day in the tenant’s zone', () => {
    expect(startOfDay('Europe/Helsinki', '2026-03-29')).toBe('2026-03-28T22:00:00.000Z');
  });
});
