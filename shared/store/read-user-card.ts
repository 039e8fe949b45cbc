import type { EndedMarks, UserCard } from '../licensing/login/user-card.ts';
import type { Item, Table } from '../platform/ports/table.ts';
import { isUserCard, userCardOf } from './items.ts';
import { userCardKey } from './keys.ts';

/** What is stored under a user's key: a card, only marks of ended sessions, or nothing. */
export type FoundCard = { readonly card?: UserCard; readonly marks?: EndedMarks };

/** Decodes what is stored under a user's key. */
export function foundCard(item: Item | undefined): FoundCard {
  if (item === undefined) return {};
  const found = userCardOf(item);
  return isUserCard(found) ? { card: found } : { marks: found };
}

/** Reads what is stored under a user's key, with strong consistency. */
export async function readUserCard(table: Table, tenantId: string, user: string): Promise<FoundCard> {
  return foundCard(await table.get(userCardKey(tenantId, user)));
}
