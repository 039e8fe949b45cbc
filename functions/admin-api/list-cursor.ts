import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { faulty, type Reading, read } from './reading.ts';
import type { Members, Route } from './route.ts';

/** Members that may differ between two pages of the same list. */
const OF_THE_PAGE: readonly string[] = ['cursor', 'limit', 'preview'];

/**
 * Returns a name for a list, made of the tenant, the route, and all members of the request except those that choose the
 * page.
 */
export function nameList({ id }: Route, tenantId: string | undefined, members: Members): string {
  const asked = Object.entries(members)
    .filter(([name]) => !OF_THE_PAGE.includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([tenantId, id, asked]))
    .digest('base64url')
    .slice(0, 16);
}

const withCursor = z.looseObject({ cursor: z.string() });

/** Returns the answer with a cursor that is valid for its own list only. */
export function bindCursor(list: string, answer: object): object {
  const reading = z.safeParse(withCursor, answer);
  return reading.success ? { ...answer, cursor: `${list}.${reading.data.cursor}` } : answer;
}

/** Reads the command's own cursor from the one that the caller sent, if there is one. */
export function openCursor({ cursor }: Members, list: string): Reading<Members> {
  if (typeof cursor !== 'string') return read({});
  const [of, ...inner] = cursor.split('.');
  if (of === list && inner.length > 0) return read({ cursor: inner.join('.') });
  return faulty({ place: 'cursor', text: 'must be the cursor of the page before, of the same list' });
}
