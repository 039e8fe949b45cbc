import { entryOf } from '../entries.ts';
import { folderAt, ROOT, Z_OLD } from '../folder-tree.ts';
import type { Change } from '../license/license.ts';
import { claimsCount, type Tenant } from '../tenant/tenant.ts';
import { CLOCK_SKEW, earlier, type Instant, plus } from '../time.ts';
import type { Access, Level } from '../vocabulary.ts';
import type { LoginRequest } from './judge-login.ts';
import { withoutLeaver } from './leaver.ts';
import { type EndedMarks, sessionKey, type UserCard } from './user-card.ts';

/** The claims about a user in the identity provider's token. */
export type Claims = {
  readonly folder?: string;
  readonly access?: Access;
  readonly level?: Level;
  readonly name?: string;
};

/** Returns the card of a user who logs in for the first time (R11). */
export function newCard(
  tenant: Tenant,
  user: string,
  claims: Claims,
  marks: EndedMarks | undefined,
  change: Change,
): UserCard {
  return {
    tenant: tenant.tenantId,
    user,
    ...nameOf(claims),
    folderId: folderOfClaim(tenant, claims) ?? ROOT,
    access: claims.access ?? 'write',
    ...levelOf(claims.level ?? 'normal'),
    sessions: {},
    ended: marks?.ended ?? {},
    assigned: {},
    // Each new card of a user begins with another revision. So a login that read an older card cannot write to this
    // one.
    revision: Date.parse(change.at),
    change,
  };
}

/**
 * Returns the card of a user who logs in. The name follows the provider. Folder, access and level follow it if the
 * tenant lets claims count at each login. What the provider does not say stays, and so does a `no-access` that an
 * administrator has set. An activity changes nothing, and neither does a login older than the last one.
 */
export function cardAtLogin(
  tenant: Tenant,
  card: UserCard,
  claims: Claims,
  { kind, at }: Pick<LoginRequest, 'kind' | 'at'>,
  now: Instant,
): UserCard {
  if (kind === 'activity' || (card.loggedInAt !== undefined && at < card.loggedInAt)) return card;
  // If a provider's clock is ahead, later logins are ignored only for as long as it may be wrong.
  const loggedInAt = earlier(at, plus(now, CLOCK_SKEW));
  const back = { ...withoutLeaver(card, at), ...nameOf(claims), loggedInAt };
  return claimsCount(tenant.settings) === 'each-login' ? withClaims(tenant, back, claims) : back;
}

function withClaims(tenant: Tenant, card: UserCard, claims: Claims): UserCard {
  const { noAccessBy, ...rest } = card;
  const folderId = folderOfClaim(tenant, claims) ?? card.folderId;
  const moved = { ...rest, folderId, access: claims.access ?? card.access };
  const isAdministrators = card.level === 'no-access' && noAccessBy === undefined;
  if (isAdministrators) return moved;
  if (claims.level !== undefined) return { ...moved, ...levelOf(claims.level) };
  return noAccessBy === undefined ? moved : { ...moved, noAccessBy };
}

function levelOf(level: Level): Pick<UserCard, 'level' | 'noAccessBy'> {
  return level === 'no-access' ? { level, noAccessBy: 'claim' } : { level };
}

/** Returns the name of the claims, with blanks for control characters. An empty name counts as a missing one. */
function nameOf({ name = '' }: Claims): Pick<UserCard, 'name'> {
  const visible = name.replace(/\p{Cc}+/gu, ' ');
  return visible.trim() === '' ? {} : { name: visible };
}

/**
 * Returns whether the provider keeps the user out for this call, whatever the card says (R11). An activity of an open
 * session is not a login, so it goes on.
 */
export function isKeptOut(card: UserCard, { level }: Claims, { kind, session }: LoginRequest): boolean {
  return level === 'no-access' && (kind === 'login' || card.sessions[sessionKey(session)] === undefined);
}

/**
 * Returns the value of a folder claim that names no usable folder, as it goes into the receipt: at most 1,024 bytes of
 * it.
 */
export function lostFolderClaim(tenant: Tenant, claims: Claims): string | undefined {
  if (claims.folder === undefined || folderOfClaim(tenant, claims) !== undefined) return undefined;
  const { read } = new TextEncoder().encodeInto(claims.folder, new Uint8Array(MAX_CLAIMED_BYTES));
  return claims.folder.slice(0, read);
}

const MAX_CLAIMED_BYTES = 1_024;

/**
 * Returns the id of the folder that a claim's value maps to or names itself. Returns undefined when there is no such
 * folder or it is zOld.
 */
export function folderOfClaim({ settings, folders }: Tenant, { folder }: Claims): string | undefined {
  if (folder === undefined) return undefined;
  const mapped = settings.folderClaims.folders;
  const found = folderAt(folders, entryOf(mapped, folder) ?? folder);
  return found === Z_OLD ? undefined : found;
}
