import { expect, it } from 'vitest';
import { decodeSegment, encodeSegment } from '../../../functions/admin-api/path-segment.ts';

it.each(['', 'ada', 'a/b', '~', '..', '\u0000', '\uFFFF', '\u{1F600}', 'Käyttö é'])(
  'reads what it has written: %j',
  (text) => {
    expect(decodeSegment(decodeURIComponent(encodeSegment(text)))).toBe(text);
  },
);

it.each(['\uD83D', 'x\uDE00', '~w', '~a+b', `~${Buffer.from([0xff]).toString('base64url')}`])('reads no %j', (part) => {
  expect(decodeSegment(part)).toBeUndefined();
});
