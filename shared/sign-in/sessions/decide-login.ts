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
import type { StepReport } from '../../licensing/login/receipt.ts';
import type { KeptSession } from '../../licensing/login/session-end.ts';
import { neededAccess, type UserCard } from '../../licensing/login/user-card.ts';
import type { Tenant } from '../../licensing/tenant/tenant.ts';
import type { Day } from '../../licensing/time.ts';
import { findVacancy, type LoginDeps, type ReadRound, remember } from './read-round.ts';

/** What a login would do to the card that was read, and what the steps saw. */
export type Decision = {
  readonly tenant: Tenant;
  readonly today: Day;
  /** The stored card. Undefined when the user has none. */
  readonly before: UserCard | undefined;
  /** The card after the login. Claims may have created or changed it. */
  readonly card: UserCard;
  readonly claimedFolder: string | undefined;
  readonly reports: readonly StepReport[];
  readonly outcome: Fallback | { readonly take: Vacancy; readonly step: StepName };
  /** Whether steps were open to the user, but none had a free license. */
  readonly foundNothing: boolean;
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
): Promise<Decision> {
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
  const judgement = judgeLogin(tenant.settings, judged, request, now, kept);
  if (!('allocate' in judgement)) return { ...decided, outcome: judgement };

  const steps = judgement.allocate;
  const { reports, chosen } = await findVacancy(deps, round, tenant.tenantId, steps, access, today);
  if (chosen === undefined) {
    return { ...decided, reports, outcome: judgement.otherwise, foundNothing: steps.length > 0 };
  }
  return { ...decided, reports, outcome: { take: chosen.vacancy, step: chosen.step.name } };
}
