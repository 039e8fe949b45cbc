import { expect, test } from 'vitest';
import { cached } from '../../shared/platform/cache.ts';
import { fixedClock } from '../fakes/world.ts';

function aSource() {
  const values = new Map([['one', 'a']]);
  const asked: string[] = [];
  const clock = fixedClock();
  const read = cached(
    async (name: string) => {
      asked.push(name);
      return values.get(name);
    },
    clock,
    60_000,
  );
  return { values, asked, clock, read };
}

test('a value is cached for its time and not longer', async () => {
  const { values, asked, clock, read } = aSource();
  await read('one');
  values.set('one', 'b');
  clock.move(59_999);
  expect(await read('one')).toBe('a');
  clock.move(1);
  expect(await read('one')).toBe('b');
  expect(asked).toEqual(['one', 'one']);
});

test('an absence is cached for half a minute, and a value that is gone is forgotten', async () => {
  const { values, asked, clock, read } = aSource();
  expect(await read('two')).toBeUndefined();
  values.set('two', 'c');
  clock.move(29_999);
  expect(await read('two')).toBeUndefined();
  expect(asked).toHaveLength(1);
  clock.move(1);
  expect(await read('two')).toBe('c');
  values.delete('two');
  clock.move(60_000);
  expect(await read('two')).toBeUndefined();
  expect(asked).toHaveLength(3);
});

test('an absence is cached no longer than a value', async () => {
  const clock = fixedClock();
  const values = new Map<string, string>();
  const read = cached(async (name: string) => values.get(name), clock, 1_000);
  await read('one');
  values.set('one', 'a');
  clock.move(1_000);

  expect(await read('one')).toBe('a');
});

test('any number of absent names takes bounded room, and none from values', async () => {
  const { asked, read } = aSource();
  await read('one');
  for (let index = 0; index <= 10_000; index += 1) await read(`nothing-${index}`);
  asked.length = 0;

  expect(await read('one')).toBe('a');
  await read('nothing-10000');
  await read('nothing-0');

  expect(asked).toEqual(['nothing-0']);
});

test('a failed read is repeated', async () => {
  const clock = fixedClock();
  let reads = 0;
  const read = cached(
    async (_name: string) => {
      reads += 1;
      if (reads === 1) throw new Error('down');
      return 'a';
    },
    clock,
    60_000,
  );

  await expect(read('one')).rejects.toThrow('down');
  expect(await read('one')).toBe('a');
});

test('concurrent calls share one read', async () => {
  const { asked, read } = aSource();

  expect(await Promise.all([read('one'), read('one')])).toEqual(['a', 'a']);
  expect(asked).toEqual(['one']);
});
