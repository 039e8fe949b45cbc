import { expect, test } from 'vitest';
import { nextOccurrence } from '../../infra/local/schedule-expression.ts';

const next = (expression: string, after: string, timeZone = 'UTC', anchor = after) =>
  new Date(
    nextOccurrence(expression, { after: Date.parse(after), anchor: Date.parse(anchor), timeZone }),
  ).toISOString();

test.each([
  ['rate(1 minute)', '2026-01-15T08:00:00Z', '2026-01-15T08:01:00.000Z'],
  ['rate(6 hours)', '2026-01-15T08:00:00Z', '2026-01-15T14:00:00.000Z'],
  ['rate(2 days)', '2026-01-15T08:00:00Z', '2026-01-17T08:00:00.000Z'],
  ['cron(0 3 * * ? *)', '2026-01-15T08:00:00Z', '2026-01-16T03:00:00.000Z'],
  ['cron(0/20 8-9 * * ? *)', '2026-01-15T08:05:00Z', '2026-01-15T08:20:00.000Z'],
  ['cron(0 12 ? * MON-FRI *)', '2026-01-16T13:00:00Z', '2026-01-19T12:00:00.000Z'],
  ['cron(0 12 ? * 1 *)', '2026-01-16T13:00:00Z', '2026-01-18T12:00:00.000Z'],
  ['cron(30 6 1 JAN,JUL ? *)', '2026-01-15T08:00:00Z', '2026-07-01T06:30:00.000Z'],
  ['cron(0 0 29 2 ? *)', '2026-01-15T08:00:00Z', '2028-02-29T00:00:00.000Z'],
])('%s after %s is %s', (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test('a rate counts from where it began, also after a long jump', () => {
  expect(next('rate(1 hour)', '2026-01-18T10:20:00Z', 'UTC', '2026-01-15T08:05:00Z')).toBe('2026-01-18T11:05:00.000Z');
});

test("a cron schedule keeps to the clock on its time zone's wall", () => {
  expect(next('cron(0 3 * * ? *)', '2026-01-15T08:00:00Z', 'Europe/Helsinki')).toBe('2026-01-16T01:00:00.000Z');
  expect(next('cron(0 3 * * ? *)', '2026-07-15T08:00:00Z', 'Europe/Helsinki')).toBe('2026-07-16T00:00:00.000Z');
});

test.each(['rate(1 fortnight)', 'cron(0 3 * *)', 'cron(0 3 L * ? *)', 'at(2026-01-15T08:00:00)'])(
  '%s is refused, not misread',
  (expression) => {
    expect(() => next(expression, '2026-01-15T08:00:00Z')).toThrow('does not know');
  },
);
