import { defined } from '../defined.ts';
import type { License } from '../license/license.ts';
import type { LicenseSnapshot, UserCard } from './user-card.ts';
import { without } from './user-card.ts';

/** Returns what cards note of a license: its class, term and folder. */
export function noteOf(license: License): LicenseSnapshot {
  const { type, access, modules, validFrom, expiresOn, folderId } = license;
  return defined({ type, access, modules, validFrom, expiresOn, folderId });
}

/**
 * Returns the card after a change of a license, so that one write can keep card and license in agreement (I3). The
 * license is among the card's assigned ones exactly if it is assigned to the user, and is the current one exactly if
 * the user works on it.
 */
export function syncCardWithLicense(card: UserCard, license: License): UserCard {
  const { serialNumber } = license;
  const assigned =
    license.assignedTo === card.user
      ? { ...card.assigned, [serialNumber]: noteOf(license) }
      : without(card.assigned, [serialNumber]);
  if (license.currentUser === card.user) {
    const releasing = license.releasing ? { releasing: license.releasing } : {};
    return { ...card, assigned, current: { ...noteOf(license), serialNumber, ...releasing } };
  }
  const { current, ...rest } = card;
  return current === undefined || current.serialNumber === serialNumber ? { ...rest, assigned } : { ...card, assigned };
}
