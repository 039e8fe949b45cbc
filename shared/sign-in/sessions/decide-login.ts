import { defined } from '../../licensing/defined.ts';
import type { Change } from '../../licensing/license/license.ts';
import type { StepName } from '../../licensing/login/allocation-steps.ts';
import {
  type Claims,
  cardAtLogin,
  isKeptOut,
  lostFolderClaim,
  newCard,
} from '../../licensing/login/card-from-claims.ts';
import type { Vacancy } from '../../licensing/login/choose-vacancy.ts';
import { type Fallback, judgeLogin, type LoginRequest } from '../../licensing/login/judge-login.ts';
import type { BlockedBy, StepReport } from '../../licensing/login/receipt.ts';
import type { KeptSession } from '../../licensing/login/session-end.ts';
import { neededAccess, type SessionOrigin, type UserCard } from '../../licensing/login/user-card.ts';
import type { Tenant } from '../../licensing/tenant/tenant.ts';
import type { Day } from '../../licensing/time.ts';
import type { DenialReason } from '../../licensing/vocabulary.ts';
import { findVacancy, type LoginDeps, type ReadRound, remember } from './read-round.ts';

export type Login = LoginRequest & {
  readonly tenant: string;
  readonly claims: Claims;
  readonly actor: string;
  /** Whether to store who owns the session. Some providers name only the session when it ends. */
  readonly keepsOwner?: true;
  /** Where the event came from, for the session. */
  readonly origin?: SessionOrigin;
  /** The linked id by which the user came. Its sessions that ended before the link stay ended. */
  readonly linkedId?: string;
};

/** `keep` the current license, `use` an assigned one, or `take` a vacancy. */
export type LoginOutcome =
  | { readonly kind: 'deny'; readonly reason: DenialReason; readonly blockedBy?: BlockedBy }
  | { readonly kind: 'keep' }
  | { readonly kind: 'use'; readonly serialNumber: string }
  | { readonly kind: 'take'; readonly vacancy: Vacancy; readonly step: StepName };

/** What a login would do to the card that was read, and what the steps saw. */
export type LoginDecision = {
  readonly tenant: Tenant;
  readonly today: Day;
  /** The stored card. Undefined when the user has none. */
  readonly before: UserCard | undefined;
  /** The card after the login. Claims may have created or changed it. */
  readonly card: UserCard;
  readonly claimedFolder: string | undefined;
  readonly reports: readonly StepReport[];
  readonly outcome: LoginOutcome;
  /** Whether steps were open to the user, but none had a free license. */
  readonly foundNothing: boolean;
};

/** A decision, and the reads that it comes from. */
export type JudgedLogin = {
  readonly round: ReadRound;
  readonly kept: KeptSession;
  readonly decision: LoginDecision;
};

/**
 * Judges a login and looks for a license. Reads what the round has not read, and writes nothing. `kept` is what is
 * stored of the named session, if that was read.
 */
export async function decideLogin(
  deps: LoginDeps,
  round: ReadRound & { readonly tenant: Tenant; readonly today: Day },
  request: LoginRequest & { readonly claims: Claims },
  change: Change,
  kept?: KeptSession,
): Promise<LoginDecision> {
  const { tenant, today, card: before } = round;
  const { user, claims } = request;
  const now = deps.clock.now();
  const found = before ?? newCard(tenant, user, claims, round.marks, change);
  const card = cardAtLogin(tenant, found, claims, request, now);
  const access = neededAccess(card);
  remember(deps, tenant.tenantId, user, { folderId: card.folderId, access }, claims);

  const claimedFolder = lostFolderClaim(tenant, claims);
  const decided = { tenant, today, before, card, claimedFolder, reports: [], foundNothing: false };
  const judged = isKeptOut(card, claims, request) ? { ...card, level: 'no-access' as const } : card;
  const judgment = judgeLogin(tenant.settings, judged, request, now, kept);
  if (!('allocate' in judgment)) return { ...decided, outcome: outcomeOfFallback(judgment) };

  const steps = judgment.allocate;
  const { reports, chosen } = await findVacancy(deps, round, tenant.tenantId, steps, access, today);
  if (chosen === undefined) {
    const outcome = outcomeOfFallback(judgment.otherwise);
    return { ...decided, reports, outcome, foundNothing: steps.length > 0 };
  }
  return { ...decided, reports, outcome: { kind: 'take', vacancy: chosen.vacancy, step: chosen.step.name } };
}

function outcomeOfFallback(fallback: Fallback): LoginOutcome {
  if ('use' in fallback) return { kind: 'use', serialNumber: fallback.use };
  if ('keep' in fallback) return { kind: 'keep' };
  return defined({ kind: 'deny', reason: fallback.deny, blockedBy: fallback.blockedBy });
}

/** Returns whether the login or activity came only after the end of its session, or long after it happened. */
export function isLate({ outcome }: Pick<LoginDecision, 'outcome'>): boolean {
  return outcome.kind === 'deny' && (outcome.reason === 'session-ended' || outcome.reason === 'too-old');
}
