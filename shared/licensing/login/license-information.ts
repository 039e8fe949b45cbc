import { entryOf } from '../entries.ts';
import { ALL_MODULES, type LicenseClass } from '../license/license.ts';
import { sentence } from '../sentences.ts';
import { termPhase } from '../term.ts';
import type { Day } from '../time.ts';
import { blockingLicense, type UserCard, usableAssigned } from './user-card.ts';

/**
 * Returns in one line which license the user has (R32): the one that their sessions run on, otherwise the dedicated one
 * that they would use, or, for a user without one, the reason.
 */
export function licenseInformation(card: UserCard, today: Day): string {
  const { current, assigned } = card;
  if (current !== undefined) {
    const { type, serialNumber, releasing } = current;
    const known = { type, serialNumber, modules: onlyModule(current) };
    if (termPhase(current, today) === 'expired') {
      const code = releasing ? 'ended-releasing' : 'ended';
      return sentence('licenseInformation', code, { ...known, expiresOn: current.expiresOn });
    }
    if (releasing) return sentence('licenseInformation', 'releasing', known);
    return sentence('licenseInformation', type === 'floating' ? 'floating-in-use' : 'dedicated', known);
  }
  if (card.level === 'no-access') return sentence('licenseInformation', 'no-access', {});
  const own = usableAssigned(assigned, 'all-modules', today) ?? usableAssigned(assigned, 'module-specific', today);
  const note = own === undefined ? undefined : entryOf(assigned, own);
  if (own !== undefined && note !== undefined) {
    return sentence('licenseInformation', 'dedicated', {
      type: note.type,
      serialNumber: own,
      modules: onlyModule(note),
    });
  }
  return whyNone(card, today);
}

/** Returns the module of a module-specific license. */
function onlyModule({ modules }: LicenseClass): string | undefined {
  return modules === ALL_MODULES ? undefined : modules;
}

function whyNone({ assigned, lastReceipt }: UserCard, today: Day): string {
  const blockedBy = blockingLicense(assigned, today);
  if (blockedBy !== undefined) return sentence('licenseInformation', 'assigned-expired', blockedBy);
  const [first] = Object.entries(assigned);
  if (first !== undefined) {
    const [serialNumber, note] = first;
    return termPhase(note, today) === 'expired'
      ? sentence('licenseInformation', 'assigned-expired', { serialNumber, expiresOn: note.expiresOn })
      : sentence('licenseInformation', 'assigned-not-yet-valid', { serialNumber, validFrom: note.validFrom });
  }
  const { reason, blockedBy: blocked, at } = lastReceipt ?? {};
  if (blocked !== undefined) {
    return sentence('licenseInformation', 'denied-assigned-had-expired', { ...blocked, at });
  }
  if (reason !== undefined) return sentence('licenseInformation', `denied-${reason}`, { at });
  return sentence('licenseInformation', 'none', {});
}
