import { absent } from '../licensing/clause.ts';
import type { License } from '../licensing/license/license.ts';
import type { Day } from '../licensing/time.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { licenseChangeWrites } from './change-licenses.ts';
import { licenseItem, vacancyItem } from './items.ts';
import { isVacant, licenseWrites } from './write-license.ts';

/** A license before and after an import: a new one, or a known one with another term or import mark. */
export type ImportedLicense = { readonly before: License | undefined; readonly after: License };

/** The most writes for one license, not counting user cards. */
export const WRITES_PER_LICENSE = 2;

/** Returns whether user cards note what changes, so that the same transaction must write them as well. */
export function concernsCards({ before, after }: ImportedLicense): boolean {
  if (before === undefined || before.version === after.version) return false;
  return before.assignedTo !== undefined || before.currentUser !== undefined;
}

/**
 * Returns the writes of a license with its vacancy. The write of a new license is refused when its serial number has
 * become known; that of a known one when it has changed since it was read.
 */
export function licenseAloneWrites({ before, after }: ImportedLicense, today: Day): readonly Write[] {
  if (before !== undefined) return licenseWrites(before, after, today);
  const vacancy = isVacant(after, today) ? [{ put: vacancyItem(after) }] : [];
  return [{ put: licenseItem(after), onlyIf: [absent('pk')] }, ...vacancy];
}

/** Returns the same writes, with those of the cards of the users whom the change concerns. */
export async function licenseAndCardWrites(
  table: Table,
  { before, after }: ImportedLicense,
  today: Day,
): Promise<readonly Write[]> {
  if (before === undefined || !concernsCards({ before, after })) return licenseAloneWrites({ before, after }, today);
  // An import never gives a license to a user, so `licenseChangeWrites` never returns undefined here.
  return (await licenseChangeWrites(table, [{ before, after }], today)) ?? [];
}
