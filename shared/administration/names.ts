import { defined } from '../licensing/defined.ts';
import { userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { TenantContext } from './deps.ts';

type NamesUsers = { readonly assignedTo?: string; readonly currentUser?: string };

/** Adds the names of users beside their ids, if their cards have names. Each user's card is read once. */
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
