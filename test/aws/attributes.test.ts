import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeOf, itemOf, marshalled } from '../../shared/aws/attributes.ts';
import type { Value } from '../../shared/licensing/clause.ts';

const KEY = { pk: 'A#1', sk: 'ITEM' };

const name = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', '~__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'S', 'N', 'M'),
);

const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.array(fc.tuple(name, tie('value'))).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

describe('attributes', () => {
  it('are read back as they were written, whatever the names in a map', () => {
    fc.assert(
      fc.property(value, (given) => {
        const sent = JSON.parse(JSON.stringify(marshalled({ ...KEY, given })));

        expect(JSON.stringify(itemOf(sent))).toBe(JSON.stringify({ ...KEY, given }));
      }),
    );
  });

  it('are written as DynamoDB names them', () => {
    expect(attributeOf({ text: '', number: -1.5, yes: true, none: null, list: [{}] })).toEqual({
      M: {
        text: { S: '' },
        number: { N: '-1.5' },
        yes: { BOOL: true },
        none: { NULL: true },
        list: { L: [{ M: {} }] },
      },
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('do not accept the number %d', (number) => {
    expect(() => attributeOf({ number })).toThrow('the table cannot keep the number');
  });

  it('do not accept a missing value', () => {
    expect(() => attributeOf({ a: undefined } as unknown as Value)).toThrow('type undefined');
  });

  it('read a number that somebody wrote too large, and refuse types that the service does not write', () => {
    const { pk, sk } = marshalled(KEY);

    expect(itemOf({ pk: pk!, sk: sk!, huge: { N: '99999999999999999999' } })).toMatchObject({ huge: 1e20 });
    expect(() => itemOf({ pk: pk!, sk: sk!, set: { SS: ['a'] } })).toThrow('kind SS');
    expect(() => itemOf({ pk: pk! })).toThrow('without its key');
  });
});
