import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Reading } from './reading.ts';
import type { Members, Route } from './route.ts';

/** What may differ between two pages of one list. */
const OF_THE_PAGE: readonly string[] = ['cursor', 'limit', 'preview'];

/** Names a list: the tenant, the route, and everything that was asked but where the page begins and how long it is. */
export function listOf({ id }: Route, tenantId: string | undefined, members: Members): string {
  const asked = Object.entries(members)
    .filter(([name]) => !OF_THE_PAGE.includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([tenantId, id, asked]))
    .digest('base64url')
    .slice(0, 16);
}

const withCursor = z.looseObject({ cursor: z.string() });

/** The answer with a cursor that leads on in its own list only. */
export function withCursorOf(list: string, answer: object): object {
  const reading = z.safeParse(withCursor, answer);
  return reading.success ? { ...answer, cursor: `${list}.${reading.data.cursor}` } : answer;
}

/** The command's own cursor, out of the one that the caller was given; nothing when none is given. */
export function openedCursor({ cursor }: Members, list: string): Reading<Members> {
  if (typeof cursor !== 'string') return { value: {} };
  const [of, ...inner] = cursor.split('.');
  if (of === list && inner.length > 0) return { value: { cursor: inner.join('.') } };
  return { faults: [{ place: 'cursor', text: 'must be the cursor of the page before, of the same list' }] };
}
