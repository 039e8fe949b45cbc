import { entryOf } from '../entries.ts';
import { ALL_MODULES, type LicenseClass } from '../license/license.ts';
import { termPhase } from '../term.ts';
import type { Day } from '../time.ts';
import type { DenialReason } from '../vocabulary.ts';
import { blockingLicense, type UserCard, usableAssigned } from './user-card.ts';

/**
 * Returns in one line which license the user has (R32): the one that their sessions run on, otherwise the dedicated one
 * that they would use, or, for a user without one, the reason.
 */
export function licenseInformation(card: UserCard, today: Day): string {
  const { current, assigned } = card;
  if (current !== undefined) {
    const text = `${current.type}, serial ${current.serialNumber}${moduleOf(current)}`;
    const released = current.releasing ? 'released, ' : '';
    if (termPhase(current, today) === 'expired') {
      return `${text} (${released}ended on ${current.expiresOn}, in use until the sessions end)`;
    }
    if (current.releasing) return `${text} (released: in use until the sessions end)`;
    return current.type === 'floating' ? `${text} (in use)` : text;
  }
  if (card.level === 'no-access') return 'none: the user has no access';
  const own = usableAssigned(assigned, 'all-modules', today) ?? usableAssigned(assigned, 'module-specific', today);
  const note = own === undefined ? undefined : entryOf(assigned, own);
  if (own !== undefined && note !== undefined) return `${note.type}, serial ${own}${moduleOf(note)}`;
  return `none: ${whyNone(card, today)}`;
}

function moduleOf({ modules }: LicenseClass): string {
  return modules === ALL_MODULES ? '' : ` (${modules} only)`;
}

function whyNone({ assigned, lastReceipt }: UserCard, today: Day): string {
  const blockedBy = blockingLicense(assigned, today);
  if (blockedBy !== undefined)
    return `the assigned license ${blockedBy.serialNumber} expired on ${blockedBy.expiresOn}`;
  const [first] = Object.entries(assigned);
  if (first !== undefined) {
    const [serialNumber, note] = first;
    return termPhase(note, today) === 'expired'
      ? `the assigned license ${serialNumber} expired on ${note.expiresOn}`
      : `the assigned license ${serialNumber} is valid from ${note.validFrom}`;
  }
  const { reason, blockedBy: blocked, at } = lastReceipt ?? {};
  if (blocked !== undefined) {
    return `the assigned license ${blocked.serialNumber} had expired on ${blocked.expiresOn} (login of ${at})`;
  }
  if (reason !== undefined) return `${WHY_DENIED[reason]} (login of ${at})`;
  return 'no license is assigned, and the user is not logged in';
}

const WHY_DENIED: Readonly<Record<DenialReason, string>> = {
  'no-free-license': 'no license was free',
  'assigned-license-expired': 'the assigned license had expired',
  'no-access': 'the user had no access',
  'session-ended': 'the login came after its session had ended',
  'too-old': 'the login came too late',
  'unknown-tenant': 'the tenant was not known',
};
