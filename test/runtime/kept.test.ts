import { expect, test } from 'vitest';
import { kept } from '../../shared/runtime/kept.ts';
import { fixedClock } from '../fakes/world.ts';

function aSource() {
  const values = new Map([['one', 'a']]);
  const asked: string[] = [];
  const clock = fixedClock();
  const read = kept(
    async (name) => {
      asked.push(name);
      return values.get(name);
    },
    clock,
    60_000,
  );
  return { values, asked, clock, read };
}

test('what was found is kept for its time and not longer', async () => {
  const { values, asked, clock, read } = aSource();
  await read('one');
  values.set('one', 'b');
  clock.move(59_999);
  expect(await read('one')).toBe('a');
  clock.move(1);
  expect(await read('one')).toBe('b');
  expect(asked).toEqual(['one', 'one']);
});

test('what was not found is asked for each time, and what is gone is forgotten', async () => {
  const { values, asked, clock, read } = aSource();
  expect(await read('two')).toBeUndefined();
  values.set('two', 'c');
  expect(await read('two')).toBe('c');
  values.delete('two');
  clock.move(60_000);
  expect(await read('two')).toBeUndefined();
  expect(asked).toHaveLength(3);
});

test('calls at once share one read', async () => {
  const { asked, read } = aSource();

  expect(await Promise.all([read('one'), read('one')])).toEqual(['a', 'a']);
  expect(asked).toEqual(['one']);
});
