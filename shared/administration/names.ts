import { defined } from '../licensing/defined.ts';
import { userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { TenantContext } from './deps.ts';

/** What names users by their ids. */
type NamesUsers = { readonly assignedTo?: string; readonly currentUser?: string };

/**
 * Returns the rows with the names of their users beside the ids, where the cards have names. It reads each user's card
 * once, however many rows name them.
 */
export async function withNames<Row extends NamesUsers>({ table, tenant }: TenantContext, rows: readonly Row[]) {
  const users = [
    ...new Set(rows.flatMap(({ assignedTo, currentUser }) => [assignedTo ?? [], currentUser ?? []].flat())),
  ];
  const items = await table.getMany(users.map((user) => userCardKey(tenant.tenantId, user)));
  const names = new Map(users.map((user, index) => [user, foundCard(items[index]).card?.name]));
  const nameOf = (user: string | undefined) => (user === undefined ? undefined : names.get(user));
  return rows.map((row) => ({
    ...row,
    ...defined({ assignedToName: nameOf(row.assignedTo), currentUserName: nameOf(row.currentUser) }),
  }));
}
