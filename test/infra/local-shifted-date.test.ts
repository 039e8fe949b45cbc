import { expect, test } from 'vitest';
import { shiftedDate } from '../../infra/local/shifted-date.ts';

const DAY = 86_400_000;
const offset = new BigInt64Array(new SharedArrayBuffer(8));
const Shifted = shiftedDate(offset);

test('every way to read the present returns the shifted one', () => {
  Atomics.store(offset, 0, BigInt(DAY));
  for (const ask of [() => Shifted.now(), () => new Shifted().getTime(), () => Date.parse(Shifted()) + 999]) {
    const before = Date.now();
    const present = ask();
    const after = Date.now();

    expect(present).toBeGreaterThanOrEqual(before + DAY);
    // A date as text has whole seconds.
    expect(present).toBeLessThan(after + DAY + 1_000);
  }
});

test('a given moment is not shifted', () => {
  expect(new Shifted('2026-01-15T08:00:00Z').toISOString()).toBe('2026-01-15T08:00:00.000Z');
  expect(new Shifted(2026, 0, 15).getTime()).toBe(new Date(2026, 0, 15).getTime());
  expect(Shifted.UTC(2026, 0, 15)).toBe(Date.UTC(2026, 0, 15));
});

test('dates of both classes are instances of `Date`', () => {
  expect(new Shifted()).toBeInstanceOf(Date);
  expect(new Date()).toBeInstanceOf(Shifted);
});
