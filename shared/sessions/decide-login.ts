import type { StepName } from '../licensing/allocation-steps.ts';
import { type Claims, claimedInVain, newCard, withClaims } from '../licensing/card-from-claims.ts';
import type { Vacancy } from '../licensing/choose-vacancy.ts';
import { type Fallback, judgeLogin, type LoginRequest } from '../licensing/judge-login.ts';
import type { Change } from '../licensing/license.ts';
import type { StepReport } from '../licensing/receipt.ts';
import type { KeptSession } from '../licensing/session-end.ts';
import type { Tenant } from '../licensing/tenant.ts';
import type { Day, Instant } from '../licensing/time.ts';
import { neededAccess, sessionKey, type UserCard } from '../licensing/user-card.ts';
import { findVacancy, type LoginDeps, type ReadRound, remember } from './read-round.ts';

/** What a login would do to the card as it was read, and what the steps saw. */
export type Decision = {
  readonly tenant: Tenant;
  readonly today: Day;
  /** The card as it stands, undefined when the user has none. */
  readonly before: UserCard | undefined;
  /** The folder that a claim named and that does not exist. */
  readonly claimedFolder?: string;
  /** The card as it was judged: created, or changed by claims. */
  readonly card: UserCard;
  readonly reports: readonly StepReport[];
  readonly outcome: Fallback | { readonly take: Vacancy; readonly step: StepName };
  /** Whether steps were open to the user, and nothing was free in any. */
  readonly foundNothing: boolean;
};

/**
 * Judges a login and looks for a license, reading what the round did not; changes nothing. `kept`: what is kept of the
 * named session, where that was read.
 */
export async function decideLogin(
  deps: LoginDeps,
  round: ReadRound & { readonly tenant: Tenant; readonly today: Day },
  request: LoginRequest & { readonly claims: Claims },
  change: Change,
  kept?: KeptSession,
): Promise<Decision> {
  const { tenant, today, card: before } = round;
  const card = judgedCard(round, request, change);
  const access = neededAccess(card);
  remember(deps, tenant.tenant, request.user, { folderId: card.folderId, access });

  const vain = claimedInVain(tenant, before, request.claims);
  const told = vain === undefined ? {} : { claimedFolder: vain };
  const decided = { tenant, today, before, card, ...told, reports: [], foundNothing: false };
  if (request.claims.level === 'no-access' && !isActivityOfOpen(before, request)) {
    // Whatever the card says: who vouches for the user says that they have no access.
    return { ...decided, outcome: { deny: 'no-access' } };
  }
  const judgement = judgeLogin(tenant.settings, card, request, deps.clock.now(), kept);
  if (!('allocate' in judgement)) return { ...decided, outcome: judgement };

  const steps = judgement.allocate;
  const { reports, chosen } = await findVacancy(deps, round, tenant.tenant, steps, access, today);
  if (chosen === undefined) {
    return { ...decided, reports, outcome: judgement.otherwise, foundNothing: steps.length > 0 };
  }
  return { ...decided, reports, outcome: { take: chosen.vacancy, step: chosen.step.name } };
}

/** The card that is judged: a new one, or the one that was read, with what the login's claims change. */
function judgedCard(
  { tenant, card, marks }: ReadRound & { readonly tenant: Tenant },
  request: LoginRequest & { readonly claims: Claims },
  change: Change,
): UserCard {
  if (card === undefined) return newCard(tenant, request.user, request.claims, marks, change);
  if (isActivityOfOpen(card, request)) return card;
  return withClaims(tenant, request.kind === 'login' ? cameBack(card, request.at) : card, request.claims);
}

/** Who logs in later is not gone: the note of a leaver goes. */
function cameBack(card: UserCard, at: Instant): UserCard {
  const { leaver, ...others } = card;
  return leaver === undefined || at <= leaver.at ? card : others;
}

/** An activity of a session that is open changes nothing on the card but the session: claims count at logins. */
function isActivityOfOpen(card: UserCard | undefined, { kind, session }: LoginRequest): boolean {
  return kind === 'activity' && card !== undefined && Object.hasOwn(card.sessions, sessionKey(session));
}
