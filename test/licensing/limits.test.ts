import { describe, expect, it } from 'vitest';
import { grownBeyond, LIMITS } from '../../shared/licensing/limits.ts';

const many = (length: number, longest = 1): readonly string[] =>
  Array.from({ length }, (_, index) => `${index}`.padStart(longest, 'x'));

describe.each(LIMITS)('$setting', ({ setting, most, longest }) => {
  const beyond = (now: readonly string[], old?: readonly string[]) =>
    grownBeyond(old === undefined ? {} : { [setting]: old }, { [setting]: now });
  const tooMany = [{ place: `settings.${setting}`, text: expect.stringContaining(`at most ${most} `) }];
  const tooLong = [{ place: `settings.${setting}`, text: expect.stringContaining(`at most ${longest} bytes`) }];

  it('accepts as many entries as allowed, and not one more', () => {
    expect(beyond(many(most))).toEqual([]);
    expect(beyond(many(most + 1))).toEqual(tooMany);
  });

  it('may stay as large as it was or shrink, but not grow', () => {
    const old = many(most + 3);

    expect(beyond(old, old)).toEqual([]);
    expect(beyond(old.with(0, 'another'), old)).toEqual([]);
    expect(beyond(old.slice(1), old)).toEqual([]);
    expect(beyond([...old, 'one more'], old)).toEqual(tooMany);
  });

  it('counts the bytes of an entry, and accepts one that exists already', () => {
    const long = '\u00e4'.repeat(Math.floor(longest / 2)).padEnd(Math.ceil(longest / 2), 'x');
    const longer = `${long}x`;

    expect(beyond([long])).toEqual([]);
    expect(beyond([longer])).toEqual(tooLong);
    expect(beyond([longer], [longer])).toEqual([]);
    expect(beyond([longer], ['another'])).toEqual(tooLong);
  });
});
