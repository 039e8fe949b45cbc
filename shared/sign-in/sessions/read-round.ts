import { defined } from '../../licensing/defined.ts';
import { ROOT } from '../../licensing/folder-tree.ts';
import type { Step } from '../../licensing/login/allocation-steps.ts';
import { type Claims, folderOfClaim } from '../../licensing/login/card-from-claims.ts';
import { chooseVacancy, type VacancyWindow } from '../../licensing/login/choose-vacancy.ts';
import { claimsCount, type Tenant } from '../../licensing/tenant/tenant.ts';
import { type Day, dayIn } from '../../licensing/time.ts';
import type { Access } from '../../licensing/vocabulary.ts';
import type { Measure } from '../../platform/metrics.ts';
import { type FoundCard, readUserCard } from '../../store/read-user-card.ts';
import { hadFloating, readVacancies, type VacancyHints } from '../../store/read-vacancies.ts';
import type { SessionDeps } from './deps.ts';

/** Where the user probably is and what they need, from their last login in this process. The write verifies it. */
export type CardHint = { readonly folderId: string; readonly access: Access; readonly folderClaim?: string };

export type LoginDeps = SessionDeps & {
  /** The memory of this process. Both hints only save a read. */
  readonly cardHints: Map<string, CardHint>;
  readonly vacancyHints: VacancyHints;
  /** If absent, nothing is measured. */
  readonly measure?: Measure;
};

export type ReadRound = FoundCard & {
  readonly tenant?: Tenant;
  readonly today?: Day;
  /** By folder id, for the access that was guessed. */
  readonly windows: Readonly<Record<string, VacancyWindow>>;
  readonly access: Access;
};

/**
 * Reads all that a login needs in one round of parallel, strongly consistent reads, if the user's folder was guessed
 * right. Leaves out the root when the folder had free licenses the last time this process read it.
 */
export async function readRound(
  deps: LoginDeps,
  { tenant, user, claims }: { readonly tenant: string; readonly user: string; readonly claims: Claims },
): Promise<ReadRound> {
  const hint = deps.cardHints.get(hintKey(tenant, user));
  const isLikely = hint !== undefined && !saysAnother(claims, hint);
  const { folderId, access } = isLikely ? hint : await guess(deps, tenant, claims, hint);
  const mayRestOnFolder = folderId !== ROOT && hadFloating(deps.vacancyHints, { tenant, folderId, access });
  const reading = deps.readTenant(tenant);
  const day = reading.then((found) => dayIn(found?.settings.timeZone ?? 'UTC', deps.clock.now()));
  const [found, today, card, windows] = await Promise.all([
    reading,
    day,
    readUserCard(deps.table, tenant, user),
    readWindows(deps, tenant, mayRestOnFolder ? [folderId] : [folderId, ROOT], access, day),
  ]);
  return defined({ ...card, tenant: found, today, windows, access });
}

/**
 * Returns whether the claims differ from those of the last login in this process. Then the card may be about to follow
 * them.
 */
function saysAnother(claims: Claims, { access, folderClaim }: CardHint): boolean {
  return (claims.folder ?? folderClaim) !== folderClaim || (claimedAccess(claims) ?? access) !== access;
}

function claimedAccess({ access, level }: Claims): Access | undefined {
  return level === 'readonly' ? 'read' : access;
}

/**
 * Returns where the claims would place the card, for a user who is unknown to this process or whose claims have
 * changed.
 */
async function guess(deps: LoginDeps, tenantId: string, claims: Claims, hint: CardHint | undefined): Promise<CardHint> {
  const isAsked = claims.folder !== undefined || hint !== undefined;
  const found = isAsked ? await deps.readTenant(tenantId) : undefined;
  if (hint !== undefined && (found === undefined || claimsCount(found.settings) === 'at-creation')) return hint;
  const folderId = found === undefined ? undefined : folderOfClaim(found, claims);
  return { folderId: folderId ?? hint?.folderId ?? ROOT, access: claimedAccess(claims) ?? hint?.access ?? 'write' };
}

/**
 * Returns a vacancy of the first step that has one: from the windows of the round if they suffice, otherwise after
 * reading the missing ones.
 */
export async function findVacancy(
  deps: LoginDeps,
  round: ReadRound,
  tenantId: string,
  steps: readonly Step[],
  access: Access,
  today: Day,
): Promise<ReturnType<typeof chooseVacancy>> {
  const known = access === round.access ? round.windows : {};
  const isMissing = (step: Step): boolean => step.closed === undefined && !(step.folderId in known);
  const firstMissing = steps.findIndex(isMissing);
  const told = firstMissing < 0 ? steps : steps.slice(0, firstMissing);
  const found = chooseVacancy(told, known, deps.random);
  if (firstMissing < 0 || found.chosen !== undefined) return found;

  const missing = steps.filter(isMissing).map((step) => step.folderId);
  const windows = { ...known, ...(await readWindows(deps, tenantId, missing, access, Promise.resolve(today))) };
  return chooseVacancy(steps, windows, deps.random);
}

export function remember(
  { cardHints }: LoginDeps,
  tenantId: string,
  user: string,
  place: Pick<CardHint, 'folderId' | 'access'>,
  { folder }: Claims,
): void {
  const key = hintKey(tenantId, user);
  const folderClaim = folder ?? cardHints.get(key)?.folderClaim;
  cardHints.delete(key);
  cardHints.set(key, defined({ ...place, folderClaim }));
  const oldest = cardHints.keys().next();
  if (cardHints.size > MAX_HINTS && !oldest.done) cardHints.delete(oldest.value);
}

const MAX_HINTS = 10_000;

function hintKey(tenantId: string, user: string): string {
  return `${tenantId} ${user}`;
}

async function readWindows(
  deps: LoginDeps,
  tenantId: string,
  folderIds: readonly string[],
  access: Access,
  today: Promise<Day>,
): Promise<Readonly<Record<string, VacancyWindow>>> {
  const windows = [...new Set(folderIds)].map(async (folderId) => {
    const folder = { tenant: tenantId, folderId, access };
    return [folderId, await readVacancies(deps.table, folder, today, deps.vacancyHints, deps.random)] as const;
  });
  return Object.fromEntries(await Promise.all(windows));
}
