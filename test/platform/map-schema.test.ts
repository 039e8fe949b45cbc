import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { sentMap, storedMap } from '../../shared/platform/map-schema.ts';

const NAMES = ['constructor', '__proto__', 'toString', 'A1'];
const named = (name: string, value: unknown) => Object.fromEntries([[name, value]]);

describe('a map that is stored', () => {
  it.each(NAMES)('keeps an entry called %s', (name) => {
    expect(Object.entries(storedMap(z.number()).parse(named(name, 1)))).toEqual([[name, 1]]);
  });

  it.each(NAMES)('is refused with a wrong entry called %s', (name) => {
    expect(() => storedMap(z.number()).parse(named(name, 'text'))).toThrow();
  });

  it.each([[], null, 'text', undefined])('is no %j', (value) => {
    expect(storedMap(z.number()).safeParse(value).success).toBe(false);
  });
});

describe('a map that is sent', () => {
  const map = sentMap(z.string(), z.number());

  it.each(NAMES.filter((name) => name !== '__proto__'))('may have an entry called %s', (name) => {
    expect(Object.entries(map.parse(named(name, 1)))).toEqual([[name, 1]]);
  });

  it('is refused with an entry called `__proto__`, and says so', () => {
    const reading = map.safeParse(named('__proto__', 1));

    expect(reading.error?.issues).toMatchObject([{ path: ['__proto__'], message: 'is not allowed as a name' }]);
  });

  it('is described as the map that it is', () => {
    const asIs = z.toJSONSchema(z.record(z.string(), z.number()));

    expect(z.toJSONSchema(map, { io: 'input' })).toEqual(asIs);
  });
});
