import { describe, expect, it } from 'vitest';
import { entryOf, setEntry } from '../../shared/licensing/entries.ts';

describe('an entry of a map', () => {
  it.each(['constructor', '__proto__', 'toString', 'A1'])('called %s is there only when it was put', (name) => {
    const map: { [name: string]: object } = {};
    const entry = { type: 'floating' };

    expect(entryOf(map, name)).toBeUndefined();
    setEntry(map, name, entry);

    expect(entryOf(map, name)).toBe(entry);
    expect(Object.entries({ ...map })).toEqual([[name, entry]]);
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  });
});
