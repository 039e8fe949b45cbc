import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import type { DenialReason } from '../../shared/licensing/vocabulary.ts';

/**
 * Returns the claim `esm_license`: the serial number, type and access of the license, or the reason why the user has
 * none. It is JSON text, because Entra and the first version of Cognito's tokens take nothing else.
 */
export function licenseClaims({ license, reason }: Receipt): { readonly esm_license: string } {
  if (license === undefined) return { esm_license: JSON.stringify({ none: reason ?? 'no-free-license' }) };
  const { serialNumber, type, access } = license;
  return { esm_license: JSON.stringify({ serialNumber, type, access }) };
}

/** The claim while the outcome is unknown. The application asks again at session start (R23). */
export const PENDING = { esm_license: 'pending' } as const;

const DENIAL_TEXTS: Readonly<Record<DenialReason, string>> = {
  'no-free-license': 'No license is free at the moment. Try again later, or ask your administrator.',
  'assigned-license-expired': 'Your license has expired. Ask your administrator.',
  'no-access': 'You have no access. Ask your administrator.',
  'unknown-tenant': 'No license is free at the moment. Ask your administrator.',
  'session-ended': 'This session has ended. Sign in again.',
  'too-old': 'This sign-in is too old. Sign in again.',
};

/** Returns why the login is denied, in words that the user may see. Returns undefined if the user has a license. */
export function denialText({ license, reason, blockedBy }: Receipt): string | undefined {
  if (license !== undefined) return undefined;
  if (blockedBy === undefined) return DENIAL_TEXTS[reason ?? 'no-free-license'];
  return `Your license ${blockedBy.serialNumber} ended on ${blockedBy.expiresOn}. Ask your administrator.`;
}
