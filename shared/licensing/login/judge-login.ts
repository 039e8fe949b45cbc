import type { TenantSettings } from '../tenant/tenant.ts';
import { termPhase } from '../term.ts';
import { dayIn, type Instant, plus } from '../time.ts';
import type { DenialReason, LoginKind } from '../vocabulary.ts';
import { type Step, stepsFor } from './allocation-steps.ts';
import type { BlockedBy } from './receipt.ts';
import { hasEnded, type KeptSession } from './session-end.ts';
import { blockingLicense, neededAccess, sessionKey, type UserCard, usableAssigned } from './user-card.ts';

export type LoginRequest = {
  readonly user: string;
  /** Absent: the login is of the user as a whole. */
  readonly session?: string;
  readonly kind: LoginKind;
  /** When it happened, as the provider reports it, not when the report arrived. */
  readonly at: Instant;
};

/** What to do when no step grants a license (R12, R20). */
export type Fallback = { readonly use: string } | { readonly keep: 'current license' } | Denial;

type Denial = { readonly deny: DenialReason; readonly blockedBy?: BlockedBy };

export type Judgement =
  | Denial
  | { readonly keep: 'current license' }
  /** Serial number of a dedicated license that is assigned to the user already. */
  | { readonly use: string }
  /** Auto-allocation: the steps to try in order. There are no steps when it is blocked. */
  | { readonly allocate: readonly Step[]; readonly otherwise: Fallback };

/**
 * Judges a login from the card, and from what is kept of its session if that has ended (R11–R20, R24). Which license a
 * step grants is not decided here: the table decides it. An activity of an open session is not a login and is never
 * refused. The judgment depends on the card's revision. Only `keep` depends on its sessions as well.
 */
export function judgeLogin(
  settings: TenantSettings,
  card: Omit<UserCard, 'change'>,
  request: LoginRequest,
  now: Instant,
  kept: KeptSession = {},
): Judgement {
  const today = dayIn(settings.timeZone, now);
  const { current } = card;
  const isOpen = current !== undefined && card.sessions[sessionKey(request.session)] !== undefined;
  if (request.kind === 'activity' && isOpen) return { keep: 'current license' };
  if (card.level === 'no-access') return { deny: 'no-access' };
  if (hasEnded(card, request, now, kept)) return { deny: 'session-ended' };
  if (request.at < plus(now, -settings.idleTimeout)) return { deny: 'too-old' };

  if (current !== undefined && !current.releasing && termPhase(current, today) !== 'expired') {
    return { keep: 'current license' };
  }

  const own = usableAssigned(card.assigned, 'all-modules', today);
  if (own !== undefined) return { use: own };

  const blockedBy = blockingLicense(card.assigned, today);
  const steps = stepsFor({ folderId: card.folderId, access: neededAccess(card), environment: settings.environment });
  return { allocate: blockedBy === undefined ? steps : [], otherwise: fallback(card, blockedBy, today) };
}

function fallback(card: Omit<UserCard, 'change'>, blockedBy: BlockedBy | undefined, today: string): Fallback {
  const moduleSpecific = usableAssigned(card.assigned, 'module-specific', today);
  if (moduleSpecific !== undefined) return { use: moduleSpecific };
  if (card.current !== undefined) return { keep: 'current license' };
  return blockedBy === undefined ? { deny: 'no-free-license' } : { deny: 'assigned-license-expired', blockedBy };
}
