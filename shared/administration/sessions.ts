import { defined } from '../licensing/defined.ts';
import { folderAt, pathOf } from '../licensing/folder-tree.ts';
import { sessionOf, type UserCard } from '../licensing/login/user-card.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Key } from '../platform/ports/table.ts';
import { userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { RequestOf } from './administer-request.ts';
import { userCardList } from './card-targets.ts';
import type { TenantContext } from './deps.ts';
import { type Page, readPage } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';

/**
 * Lists the open sessions of a tenant, of one user, or of one folder itself, in the order of their users. `provider`
 * and `application` select sessions by their origin. `limit` counts users. A page reads up to 1,000 cards to find them,
 * so it costs the same in a small and in a large tenant.
 */
export async function listSessions({ table, tenant }: TenantContext, request: RequestOf<'list-sessions'>) {
  const { user, folder, provider, application, ...page } = request;
  const folderId = folder === undefined ? undefined : folderAt(tenant.folders, folder);
  if (folder !== undefined && folderId === undefined) return unknownFolder(folder);
  const isWanted = (session: SessionView) =>
    (provider === undefined || session.provider === provider) &&
    (application === undefined || session.application === application);
  const read = async (keys: readonly Key[]) =>
    (await table.getMany(keys))
      .flatMap((item) => foundCard(item).card ?? [])
      .filter((card) => folderId === undefined || card.folderId === folderId)
      .map((card) => ({ card, sessions: viewSessions(card).filter(isWanted) }))
      .filter(({ sessions }) => sessions.length > 0);
  const [index, partition] = userCardList(tenant.tenantId, folderId);
  const found: Page<CardSessions> | Refusal =
    user === undefined
      ? await readPage(table, index, partition, page, read)
      : { entries: await read([userCardKey(tenant.tenantId, user)]) };
  if (isRefusal(found)) return found;
  const { entries, ...rest } = found;
  return {
    sessions: entries.flatMap(({ card, sessions }) => sessions.map((one) => ofUser(tenant, card, one))),
    ...rest,
  };
}

type CardSessions = { readonly card: UserCard; readonly sessions: readonly SessionView[] };

type SessionView = ReturnType<typeof viewSessions>[number];

/** Returns the sessions of a card as they are shown. The session of the user as a whole has no id. */
export function viewSessions({ sessions }: Pick<UserCard, 'sessions'>) {
  return Object.entries(sessions).map(([key, { started, lastSeen, provider, application }]) =>
    defined({ session: sessionOf(key) ?? null, started, lastSeen, provider, application }),
  );
}

function ofUser({ folders }: Tenant, { user, name, folderId, current }: UserCard, session: SessionView) {
  const folder = pathOf(folders, folderId) ?? folderId;
  return defined({ user, name, folder, ...session, serialNumber: current?.serialNumber });
}
