import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeSegment as decodedByApi,
  encodeSegment as encodedByApi,
} from '../../../functions/admin-api/path-segment.ts';
import { decodeSegment, encodeSegment } from '../../../functions/console/app/api/path-segment.ts';
import { safePage } from '../../../functions/console/app/sign-in/safe-page.ts';
import { decodedAsAwsDoes } from '../../../infra/local/http-api.ts';

test('a text of a path is written as the API writes it, and read again by both', async () => {
  await fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const part = encodeSegment(text);

      expect(part).toBe(encodedByApi(text));
      const decoded = decodedAsAwsDoes(part) ?? '';
      expect(decodedByApi(decoded)).toBe(text);
      expect(decodeSegment(decoded)).toBe(text);
    }),
  );
});

test.each(['~', '~not base64', '~/w', 'F1001'])('a part that is not base64url stands for itself: %s', (part) => {
  expect(decodeSegment(part)).toBe(part === '~' ? '' : part);
});

test.each(['/console/', '/console/t/acme/licenses?folder=Sales', '/console/t/acme/licenses/~YT9i?tab=history'])(
  'after a sign-in the page %s opens again',
  (page) => {
    expect(safePage(page)).toBe(page);
  },
);

test.each([
  'https://evil.example/console/',
  '//evil.example/console/',
  '/console//evil.example',
  '/console/\\evil.example',
  '/tenants/acme',
  'javascript:alert(1)',
  '/consoleevil/',
])('a page elsewhere is not opened after a sign-in: %s', (page) => {
  expect(safePage(page)).toBeUndefined();
});
