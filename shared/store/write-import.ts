import { absent } from '../licensing/clause.ts';
import type { License } from '../licensing/license/license.ts';
import type { Day } from '../licensing/time.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { licenseChangeWrites } from './change-licenses.ts';
import { licenseItem, vacancyItem } from './items.ts';
import { isVacant, licenseWrites } from './write-license.ts';

/** What an import makes of a license: a new one, or another term or import mark of one that was read. */
export type ImportedLicense = { readonly before: License | undefined; readonly after: License };

/** The most writes that one license takes, when no user card is among them. */
export const WRITES_PER_LICENSE = 2;

/** Whether user cards tell of what changes: they follow in the same transaction. */
export function concernsCards({ before, after }: ImportedLicense): boolean {
  if (before === undefined || before.version === after.version) return false;
  return before.assignedTo !== undefined || before.currentUser !== undefined;
}

/** A new license with its vacancy, refused when the serial number is known meanwhile; or a known one with its vacancy. */
export function licenseAloneWrites({ before, after }: ImportedLicense, today: Day): readonly Write[] {
  if (before !== undefined) return licenseWrites(before, after, today);
  const vacancy = isVacant(after, today) ? [{ put: vacancyItem(after) }] : [];
  return [{ put: licenseItem(after), onlyIf: [absent('pk')] }, ...vacancy];
}

/** As above, with the cards of the users whom a change concerns. */
export async function licenseAndCardWrites(
  table: Table,
  { before, after }: ImportedLicense,
  today: Day,
): Promise<readonly Write[]> {
  if (before === undefined || !concernsCards({ before, after })) return licenseAloneWrites({ before, after }, today);
  // An import gives a license to nobody, so there is always something to write.
  return (await licenseChangeWrites(table, [{ before, after }], today)) ?? [];
}
