import { entryOf } from './entries.ts';
import { folderAt, ROOT, Z_OLD } from './folder-tree.ts';
import type { Access, Change } from './license.ts';
import type { Tenant } from './tenant.ts';
import type { EndedMarks, Level, UserCard } from './user-card.ts';

/** What the identity provider's token says of a user. */
export type Claims = {
  readonly folder?: string;
  readonly access?: Access;
  readonly level?: Level;
  readonly name?: string;
};

/** The card of a user who logs in for the first time (R11). */
export function newCard(
  tenant: Tenant,
  user: string,
  claims: Claims,
  marks: EndedMarks | undefined,
  change: Change,
): UserCard {
  return {
    tenant: tenant.tenant,
    user,
    ...(claims.name === undefined ? {} : { name: claims.name }),
    folderId: folderOfClaim(tenant, claims) ?? ROOT,
    access: claims.access ?? 'write',
    level: claims.level ?? 'normal',
    sessions: {},
    ended: marks?.ended ?? {},
    assigned: {},
    // No two cards of one user begin alike: a login that read the one must not write to the other.
    revision: Date.parse(change.at),
    change,
  };
}

/** The card where the claims put it, if the tenant lets claims move existing cards. */
export function movedByClaims(tenant: Tenant, card: UserCard, claims: Claims): UserCard {
  const folderId = tenant.settings.folderClaims.moveExisting ? folderOfClaim(tenant, claims) : undefined;
  return folderId === undefined ? card : { ...card, folderId };
}

/** The folder that a claim's value maps to, or names itself; undefined when there is none, or it is zOld. */
export function folderOfClaim({ settings, folders }: Tenant, { folder }: Claims): string | undefined {
  if (folder === undefined) return undefined;
  const mapped = settings.folderClaims.folders;
  const found = folderAt(folders, entryOf(mapped, folder) ?? folder);
  return found === Z_OLD ? undefined : found;
}
