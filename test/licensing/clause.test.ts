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
  it('must all hold, and treat a missing item as an empty one', () => {
    expect(holds([], undefined)).toBe(true);
    expect(holds([equal('a', 1), equal('b', 2)], { a: 1, b: 2 })).toBe(true);
    expect(holds([equal('a', 1), equal('b', 3)], { a: 1, b: 2 })).toBe(false);
    expect(holds([absent('a'), different('a', 1)], undefined)).toBe(true);
    expect(holds([present('a')], undefined)).toBe(false);
    expect(holds([any()], { a: 1 })).toBe(false);
  });

  it('describe an attribute as it was read: its value, or its absence', () => {
    expect(asRead('a', undefined)).toEqual(absent('a'));
    expect(asRead(['a', 'b'], 0)).toEqual(equal(['a', 'b'], 0));
    expect(asRead('a', null)).toEqual(equal('a', null));
  });

  it('do not take the members of every object for attributes', () => {
    expect(holds([absent('constructor'), absent(['a', 'toString'])], { a: {} })).toBe(true);
    expect(holds([absent('length')], {})).toBe(true);
    expect(holds([absent(['a', 'length'])], { a: [1] })).toBe(true);
  });

  it('distinguish an entry called `__proto__` or `constructor` from the members of every object', () => {
    const named = (name: string, value: object) => Object.fromEntries([[name, value]]);

    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(sameValue(named(name, {}), { other: {} })).toBe(false);
      expect(sameValue({ other: {} }, named(name, {}))).toBe(false);
      expect(sameValue(named(name, { a: 1 }), named(name, { a: 1 }))).toBe(true);
      expect(sameValue(named(name, { a: 1 }), named(name, { a: 2 }))).toBe(false);
    }
  });

  it('compare only texts with texts and numbers with numbers', () => {
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

  it('do not take a part of a map for equal to it', () => {
    expect(sameValue({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameValue({ a: 1, b: 2 }, { a: 1 })).toBe(false);
    expect(sameValue([], {})).toBe(false);
  });
});
