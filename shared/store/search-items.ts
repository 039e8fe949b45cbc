import * as z from 'zod/mini';
import type { Item, Table } from '../platform/ports/table.ts';
import { endOfRange, searchKey } from './keys.ts';

/*
 * One item for each word by which a user is found. The reader of the stream keeps them up to date, so they follow a card
 * a moment later. Nothing is decided on them: whoever finds a user reads the card.
 */

/** Returns the item that leads from a word to a user. */
export function searchItem(tenantId: string, word: string, user: string): Item {
  return { ...searchKey(tenantId, word, user), user };
}

const found = z.object({ sk: z.string(), user: z.string() });

/**
 * Returns a page of the users with a word that begins with `prefix`. `next` is the place after which the next begins.
 */
export async function findUsers(
  table: Table,
  tenantId: string,
  prefix: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<{ readonly users: readonly string[]; readonly next?: string }> {
  const { pk } = searchKey(tenantId, prefix, '');
  const page = await table.query({ pk, from: after ?? prefix, to: endOfRange(prefix), limit: limit + 1 });
  const items = page.items.map((item) => found.parse(item)).filter(({ sk }) => sk !== after);
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  const users = shown.map(({ user }) => user);
  return last !== undefined && (page.more || items.length > shown.length) ? { users, next: last.sk } : { users };
}
