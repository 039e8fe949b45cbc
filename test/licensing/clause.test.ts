import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absent,
  any,
  asRead,
  atLeast,
  atMost,
  different,
  equal,
  holds,
  present,
  sameValue,
} from '../../shared/licensing/clause.ts';

/* That each clause means the same to the table's engine is the table's contract: here only what is pure. */
describe('clauses', () => {
  it('hold all together, and hold of nothing at all as of an empty item', () => {
    expect(holds([], undefined)).toBe(true);
    expect(holds([equal('a', 1), equal('b', 2)], { a: 1, b: 2 })).toBe(true);
    expect(holds([equal('a', 1), equal('b', 3)], { a: 1, b: 2 })).toBe(false);
    expect(holds([absent('a'), different('a', 1)], undefined)).toBe(true);
    expect(holds([present('a')], undefined)).toBe(false);
    expect(holds([any()], { a: 1 })).toBe(false);
  });

  it('say as it was read: the value, or that there was none', () => {
    expect(asRead('a', undefined)).toEqual(absent('a'));
    expect(asRead(['a', 'b'], 0)).toEqual(equal(['a', 'b'], 0));
    expect(asRead('a', null)).toEqual(equal('a', null));
  });

  it('do not take what every object has for an attribute', () => {
    expect(holds([absent('constructor'), absent(['a', 'toString'])], { a: {} })).toBe(true);
    expect(holds([absent('length')], {})).toBe(true);
    expect(holds([absent(['a', 'length'])], { a: [1] })).toBe(true);
  });

  it('tell an entry called `__proto__` or `constructor` from what every object has', () => {
    const named = (name: string, value: object) => Object.fromEntries([[name, value]]);

    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(sameValue(named(name, {}), { other: {} })).toBe(false);
      expect(sameValue({ other: {} }, named(name, {}))).toBe(false);
      expect(sameValue(named(name, { a: 1 }), named(name, { a: 1 }))).toBe(true);
      expect(sameValue(named(name, { a: 1 }), named(name, { a: 2 }))).toBe(false);
    }
  });

  it('compare texts with texts and numbers with numbers only', () => {
    expect(holds([atLeast('a', 2), atMost('a', 2)], { a: 2 })).toBe(true);
    expect(holds([atLeast('a', '2026-03-02')], { a: '2026-03-02' })).toBe(true);
    expect(holds([atLeast('a', 1)], { a: '2' })).toBe(false);
    expect(holds([atMost('a', '9')], { a: true })).toBe(false);
  });

  it('are different or equal, never both and never neither', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const item = { a: one };
        const value = other as never;
        expect(holds([equal('a', value)], item)).not.toBe(holds([different('a', value)], item));
        expect(sameValue(one, structuredClone(one))).toBe(true);
        expect(sameValue(one, other)).toBe(sameValue(other, one));
      }),
    );
  });

  it('see no equality of a map and a part of it', () => {
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue({ a: 1, b: 2 }, { a: 1 })).toBe(false);
    expect(sameValue([], {})).toBe(false);
  });
});
