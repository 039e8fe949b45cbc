import middy from '@middy/core';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { hasUnusableText } from '../../shared/platform/usable-text.ts';
import { decoded, instant } from '../../shared/platform/validation.ts';

const handler = middy((event: unknown) => event).use(decoded(z.unknown()));
const refused = { error: { code: 'invalid-request', faults: [{ place: 'request', text: expect.any(String) }] } };

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);

test.each([
  ['half a surrogate pair as a value', { settings: { customers: ['\ud800'] } }],
  ['half a surrogate pair in a name', { folders: { 'a\udc00': 'b' } }],
  ['lists in lists without end', nested(50_000)],
  ['objects in objects without end', JSON.parse(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)],
])('a request with %s is refused before anything reads it', async (_, event) => {
  expect(await handler(event, {} as never)).toMatchObject(refused);
});

test.each([[null], [7], ['Käsi \u{1F600}'], [{ a: [{ b: 'c' }], __proto__: null }], [nested(60)]])(
  '%j is read',
  (given) => {
    expect(hasUnusableText(given)).toBe(false);
  },
);

test.each([
  ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ['2026-03-02T10:15:32+02:00', '2026-03-02T08:15:32.000Z'],
  ['0000-01-01T00:00:00Z', '0000-01-01T00:00:00.000Z'],
])('the instant %s is %s', (text, read) => {
  expect(instant.parse(text)).toBe(read);
});

test.each(['9999-12-31T23:59:59-00:01', '0000-01-01T00:00:00+00:01', '2026-02-30T00:00:00Z', '2026-03-02'])(
  '%s is not an instant: its year in UTC does not have four digits, or the day or time does not exist',
  (text) => {
    expect(instant.safeParse(text).success).toBe(false);
  },
);
