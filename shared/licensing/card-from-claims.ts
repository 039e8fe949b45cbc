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
    ...(claims.level === undefined ? {} : { levelFromClaim: true }),
    sessions: {},
    ended: marks?.ended ?? {},
    assigned: {},
    // No two cards of one user begin alike: a login that read the one must not write to the other.
    revision: Date.parse(change.at),
    change,
  };
}

/**
 * An existing card as a login's claims leave it. The name always follows. Folder, access and level follow where the tenant
 * lets claims count at each login; a claim that is absent, or a folder that leads nowhere, changes nothing.
 */
export function withClaims(tenant: Tenant, card: UserCard, claims: Claims): UserCard {
  const named = claims.name === undefined ? card : { ...card, name: claims.name };
  if (tenant.settings.claims !== 'each-login') return named;
  const placed = {
    ...named,
    folderId: folderOfClaim(tenant, claims) ?? card.folderId,
    access: claims.access ?? card.access,
  };
  return claims.level === undefined || isShutOut(card)
    ? placed
    : { ...placed, level: claims.level, levelFromClaim: true };
}

/** An administrator said `no-access`: no claim lifts it. */
function isShutOut({ level, levelFromClaim }: UserCard): boolean {
  return level === 'no-access' && levelFromClaim !== true;
}

/** The folder that a claim names although it leads nowhere, where the claim counts: for a new card, or at each login. */
export function claimedInVain(tenant: Tenant, card: UserCard | undefined, claims: Claims): string | undefined {
  const counts = card === undefined || tenant.settings.claims === 'each-login';
  return counts && folderOfClaim(tenant, claims) === undefined ? claims.folder : undefined;
}

/** The folder that a claim's value maps to, or names itself; undefined when there is none, or it is zOld. */
export function folderOfClaim({ settings, folders }: Tenant, { folder }: Claims): string | undefined {
  if (folder === undefined) return undefined;
  const mapped = settings.folderClaims.folders;
  const found = folderAt(folders, entryOf(mapped, folder) ?? folder);
  return found === Z_OLD ? undefined : found;
}
