import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import type { DenialReason } from '../../shared/licensing/vocabulary.ts';

/**
 * The claim `esm_license` as JSON text, because Cognito's first tokens and Entra take nothing else: of a license its serial number, type
 * and access; without a license, the reason.
 */
export function licenseClaims({ license, reason }: Receipt): { readonly esm_license: string } {
  if (license === undefined) return { esm_license: JSON.stringify({ none: reason ?? 'no-free-license' }) };
  const { serialNumber, type, access } = license;
  return { esm_license: JSON.stringify({ serialNumber, type, access }) };
}

/** The claim when no decision was made: the application asks again at session start (R23). */
export const PENDING = { esm_license: 'pending' } as const;

const REFUSALS: Readonly<Record<DenialReason, string>> = {
  'no-free-license': 'No license is free at the moment. Try again later, or ask your administrator.',
  'assigned-license-expired': 'Your license has expired. Ask your administrator.',
  'no-access': 'You have no access. Ask your administrator.',
  'unknown-tenant': 'No license is free at the moment. Ask your administrator.',
  'session-ended': 'This session has ended. Sign in again.',
  'too-old': 'This sign-in is too old. Sign in again.',
};

/** Why a login is refused, in words that the user may see; undefined when there is a license. */
export function refusalText({ license, reason, blockedBy }: Receipt): string | undefined {
  if (license !== undefined) return undefined;
  if (blockedBy === undefined) return REFUSALS[reason ?? 'no-free-license'];
  return `Your license ${blockedBy.serialNumber} ended on ${blockedBy.expiresOn}. Ask your administrator.`;
}
