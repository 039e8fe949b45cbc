import { describe, expect, it } from 'vitest';
import { activityNotedEvery, idleTimeThatCounts } from '../../shared/licensing/idle-time.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('the idle time that counts (R26)', () => {
  it.each([
    ['the shortest', 5 * MINUTE, 5 * MINUTE],
    ['the longest', 30 * DAY, 30 * DAY],
    ['one within the bounds', 8 * 60 * MINUTE, 8 * 60 * MINUTE],
    ['part of a millisecond', 6 * MINUTE + 0.4, 6 * MINUTE],
    ['too short', 1, 5 * MINUTE],
    ['none', 0, 5 * MINUTE],
    ['negative', -8.64e15, 5 * MINUTE],
    ['too long', 31 * DAY, 30 * DAY],
    ['huge', 1e125, 30 * DAY],
    ['no number', Number.NaN, 480 * MINUTE],
    ['text', 'PT8H', 480 * MINUTE],
    ['nothing', undefined, 480 * MINUTE],
    ['a map', {}, 480 * MINUTE],
  ])('of a stored value, %s: %j', (_, stored, counts) => {
    expect(idleTimeThatCounts(stored)).toBe(counts);
  });

  it('notes activity every tenth of it, and every five minutes at least', () => {
    expect([5 * MINUTE, 30 * MINUTE, 50 * MINUTE, 480 * MINUTE, 30 * DAY].map(activityNotedEvery)).toEqual([
      MINUTE / 2,
      3 * MINUTE,
      5 * MINUTE,
      5 * MINUTE,
      5 * MINUTE,
    ]);
  });
});
