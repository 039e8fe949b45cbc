import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastDay, sameTerm, termPhase, termTo } from '../../shared/licensing/term.ts';
import { dayIn, instantOf, later, plus } from '../../shared/licensing/time.ts';

const TERM = { validFrom: '2026-01-15', expiresOn: '2027-01-14' };

describe('a term', () => {
  it.each([
    ['2026-01-14', 'not-yet-valid'],
    ['2026-01-15', 'valid'],
    ['2026-06-01', 'valid'],
    ['2027-01-14', 'valid'],
    ['2027-01-15', 'expired'],
  ])('on %s is %s, because both ends are inclusive', (today, phase) => {
    expect(termPhase(TERM, today)).toBe(phase);
  });

  it('without a last day never expires', () => {
    expect(termPhase({ validFrom: '2026-01-15' }, '9999-12-31')).toBe('valid');
    expect(lastDay({ validFrom: '2026-01-15' }) > lastDay(TERM)).toBe(true);
  });

  it('can be rebuilt from its last day, also when it never expires', () => {
    for (const term of [TERM, { validFrom: '2026-01-15' }]) {
      expect(termTo(term.validFrom, lastDay(term))).toEqual(term);
    }
  });

  it('may be one day long', () => {
    const day = { validFrom: '2026-01-15', expiresOn: '2026-01-15' };
    expect(['2026-01-14', '2026-01-15', '2026-01-16'].map((today) => termPhase(day, today))).toEqual([
      'not-yet-valid',
      'valid',
      'expired',
    ]);
  });

  it('is the same only if both ends are equal', () => {
    expect(sameTerm(TERM, { ...TERM })).toBe(true);
    expect(sameTerm(TERM, { validFrom: TERM.validFrom })).toBe(false);
    expect(sameTerm(TERM, { ...TERM, validFrom: '2026-01-16' })).toBe(false);
    expect(sameTerm(TERM, { ...TERM, expiresOn: '2027-01-15' })).toBe(false);
  });
});

describe('the day of an instant', () => {
  it.each([
    ['UTC', '2026-03-02T23:59:59.999Z', '2026-03-02'],
    ['UTC', '2026-03-03T00:00:00.000Z', '2026-03-03'],
    ['Europe/Helsinki', '2026-03-02T21:59:59.999Z', '2026-03-02'],
    ['Europe/Helsinki', '2026-03-02T22:00:00.000Z', '2026-03-03'],
    // Clocks go forward at 01:00 UTC on 29 March, and back on 25 October.
    ['Europe/Helsinki', '2026-03-28T21:59:59.999Z', '2026-03-28'],
    ['Europe/Helsinki', '2026-03-28T22:00:00.000Z', '2026-03-29'],
    ['Europe/Helsinki', '2026-03-29T20:59:59.999Z', '2026-03-29'],
    ['Europe/Helsinki', '2026-03-29T21:00:00.000Z', '2026-03-30'],
    ['Europe/Helsinki', '2026-10-24T20:59:59.999Z', '2026-10-24'],
    ['Europe/Helsinki', '2026-10-24T21:00:00.000Z', '2026-10-25'],
    ['Europe/Helsinki', '2026-10-25T21:59:59.999Z', '2026-10-25'],
    ['Europe/Helsinki', '2026-10-25T22:00:00.000Z', '2026-10-26'],
    // In Santiago the hour after midnight is the one that is skipped, and the one before it the one that comes twice.
    ['America/Santiago', '2026-09-06T03:59:59.999Z', '2026-09-05'],
    ['America/Santiago', '2026-09-06T04:00:00.000Z', '2026-09-06'],
    ['America/Santiago', '2026-04-05T02:59:59.999Z', '2026-04-04'],
    ['America/Santiago', '2026-04-05T03:30:00.000Z', '2026-04-04'],
    ['America/Santiago', '2026-04-05T04:00:00.000Z', '2026-04-05'],
    ['Pacific/Pago_Pago', '2026-03-03T10:59:59.999Z', '2026-03-02'],
    ['Pacific/Pago_Pago', '2026-03-03T11:00:00.000Z', '2026-03-03'],
    ['Pacific/Kiritimati', '2026-03-02T09:59:59.999Z', '2026-03-02'],
    ['Pacific/Kiritimati', '2026-03-02T10:00:00.000Z', '2026-03-03'],
    ['Asia/Kathmandu', '2026-03-02T18:14:59.999Z', '2026-03-02'],
    ['Asia/Kathmandu', '2026-03-02T18:15:00.000Z', '2026-03-03'],
    ['UTC', '2028-02-29T12:00:00.000Z', '2028-02-29'],
    ['UTC', '2026-12-31T23:59:59.999Z', '2026-12-31'],
  ])('in %s of %s is %s (F31)', (timeZone, instant, day) => {
    expect(dayIn(timeZone, instant)).toBe(day);
  });

  it('is the same instant on three days from UTC-11 to UTC+14', () => {
    const instant = '2026-03-02T10:30:00.000Z';

    expect(['Pacific/Pago_Pago', 'UTC', 'Pacific/Kiritimati'].map((timeZone) => dayIn(timeZone, instant))).toEqual([
      '2026-03-01',
      '2026-03-02',
      '2026-03-03',
    ]);
  });

  it('never goes back as time goes on, whatever the zone does', () => {
    const zones = fc.constantFrom('Europe/Helsinki', 'America/Santiago', 'Pacific/Kiritimati', 'Australia/Lord_Howe');
    const from = Date.parse('2020-01-01T00:00:00Z');
    fc.assert(
      fc.property(zones, fc.nat(10 * 365 * 86_400), fc.nat(86_400 * 3), (zone, seconds, step) => {
        const one = instantOf(from + seconds * 1_000);
        expect(dayIn(zone, plus(one, step * 1_000)) >= dayIn(zone, one)).toBe(true);
      }),
    );
  });

  it('of an unknown zone is a fault', () => {
    expect(() => dayIn('Europe/Atlantis', '2026-03-02T12:00:00.000Z')).toThrow(RangeError);
  });
});

describe('instants', () => {
  it('are moved by milliseconds, and compared as texts', () => {
    expect(plus('2026-03-02T23:59:59.999Z', 1)).toBe('2026-03-03T00:00:00.000Z');
    expect(plus('2026-03-03T00:00:00.000Z', -1)).toBe('2026-03-02T23:59:59.999Z');
    expect(later('2026-03-02T08:00:00.000Z', '2026-03-02T08:00:00.001Z')).toBe('2026-03-02T08:00:00.001Z');
    expect(later('2026-03-02T08:00:00.001Z', '2026-03-02T08:00:00.000Z')).toBe('2026-03-02T08:00:00.001Z');
  });
});
