import { defined } from '../licensing/defined.ts';
import { branchOf, folderAt, idsOf } from '../licensing/folder-tree.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import type { IndexName } from '../platform/ports/table-definition.ts';
import { partitions, userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { TenantContext } from './deps.ts';
import { type Page, readPage } from './pages.ts';
import { type Refusal, unknownFolder } from './refusal.ts';

/** Selects user cards: those of a list of users, or those of a folder, with or without its subfolders. */
export type CardChoice<Named> =
  | { readonly users: readonly Named[] }
  | { readonly folder: string; readonly subfolders?: boolean };

/** A selected user. `card` is undefined if the user has none. */
export type CardTarget = {
  readonly user: string;
  readonly expectedVersion?: number;
  readonly card: UserCard | undefined;
};

type NamedUser = Pick<CardTarget, 'user' | 'expectedVersion'>;

/** Reads the selected users with their cards, each once: all of a list, or at most `limit` of a folder. */
export async function readCardTargets(
  { table, tenant }: TenantContext,
  to: CardChoice<NamedUser>,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<CardTarget> | Refusal> {
  const { tenantId, folders } = tenant;
  if ('users' in to) {
    const users = [...new Map(to.users.map((one) => [one.user, one])).values()];
    const items = await table.getMany(users.map(({ user }) => userCardKey(tenantId, user)));
    return { entries: users.map((one, index) => ({ ...one, card: foundCard(items[index]).card })) };
  }
  const folderId = folderAt(folders, to.folder);
  if (folderId === undefined) return unknownFolder(to.folder);
  const branch = to.subfolders ? branchOf(folders, folderId) : idsOf(folders, folderId);
  const [index, partition] = userCardList(tenantId, branch.length === 1 ? folderId : undefined);
  return readPage(table, index, partition, defined({ limit, cursor }), async (keys) =>
    (await table.getMany(keys))
      .flatMap((item) => foundCard(item).card ?? [])
      .filter((card) => branch.includes(card.folderId))
      .map((card) => ({ user: card.user, expectedVersion: card.revision, card })),
  );
}

/** Returns the index and its partition that list the cards of a folder itself, or all cards of the tenant. */
export function userCardList(tenantId: string, folderId: string | undefined): readonly [IndexName, string] {
  return folderId === undefined
    ? ['by-tenant', partitions.userCardsOfTenant(tenantId)]
    : ['by-folder', partitions.userCardsOfFolder(tenantId, folderId)];
}
