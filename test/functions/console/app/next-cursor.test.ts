import { expect, test } from 'vitest';
import { nextCursor } from '../../../../functions/console/app/api/next-cursor.ts';

test.each([
  ['</tenants/acme/exports/history?from=2026-05-01&cursor=2.ab%2Bc>; rel="next"', '2.ab+c'],
  ['</tenants/acme/exports/history?from=2026-05-01>; rel="next"', undefined],
  [null, undefined],
])('the link %s leads to the page of %s', (link, cursor) => {
  expect(nextCursor(link)).toBe(cursor);
});
