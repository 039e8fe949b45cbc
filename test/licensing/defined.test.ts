import { expect, test } from 'vitest';
import { defined } from '../../shared/licensing/defined.ts';

test('leaves out the members that are undefined, and keeps null, false, zero and empty text', () => {
  const members = defined({ missing: undefined, nothing: null, no: false, zero: 0, empty: '', text: 'kim' });

  expect(Object.keys(members)).toEqual(['nothing', 'no', 'zero', 'empty', 'text']);
  expect(members).toEqual({ nothing: null, no: false, zero: 0, empty: '', text: 'kim' });
});
