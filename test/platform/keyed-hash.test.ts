import { expect, it } from 'vitest';
import { keyedHash } from '../../shared/platform/keyed-hash.ts';

const withKey = (key: string) => keyedHash(async () => key);

it('is equal for equal texts and key, and different otherwise', async () => {
  const hash = withKey('one');

  expect(await hash('a', 'b')).toBe(await withKey('one')('a', 'b'));
  const others = [await hash('a', 'b'), await hash('ab'), await hash('b', 'a'), await withKey('two')('a', 'b')];
  expect(new Set(others).size).toBe(4);
  expect(await hash('a')).toMatch(/^[0-9a-f]{64}$/);
});

it('reads the key once, and again only after a read that failed', async () => {
  let reads = 0;
  const hash = keyedHash(async () => {
    reads += 1;
    if (reads === 1) throw new Error('away');
    return 'key';
  });

  await expect(hash('a')).rejects.toThrow('away');
  await Promise.all([hash('a'), hash('b')]);
  await hash('c');

  expect(reads).toBe(2);
});
