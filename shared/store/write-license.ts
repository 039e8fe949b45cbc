import { equal } from '../licensing/clause.ts';
import { isAllocatable, type License, lifecycleState } from '../licensing/license/license.ts';
import { termPhase } from '../licensing/term.ts';
import type { Day } from '../licensing/time.ts';
import type { Write } from '../platform/ports/table.ts';
import { licenseItem, vacancyItem } from './items.ts';
import { vacancyKey } from './keys.ts';

/**
 * Returns whether the license must have a vacancy: it is free, of a class that auto-allocation takes, and not expired.
 */
export function isVacant(license: License, today: Day): boolean {
  return mayHaveVacancy(license) && termPhase(license, today) !== 'expired';
}

/**
 * Returns whether the license may have a vacancy. An expired license keeps its vacancy until the daily cleanup deletes
 * it.
 */
export function mayHaveVacancy(license: License): boolean {
  return isAllocatable(license) && lifecycleState(license) === 'free';
}

/**
 * Returns the writes of a license from one version to the next, with its vacancy. They are refused when the license is
 * no longer as it was read. The import mark is compared besides the version, since a later file with the same term
 * changes only the mark.
 */
export function licenseWrites(before: License, after: License, today: Day): readonly Write[] {
  const asRead = [equal('version', before.version), equal('imported', before.imported)];
  const writes: Write[] = [{ put: licenseItem(after), onlyIf: asRead }];
  const vacant = isVacant(after, today);
  if (mayHaveVacancy(before) && !(vacant && after.folderId === before.folderId)) {
    writes.push({ delete: vacancyKey(before) });
  }
  if (vacant) writes.push({ put: vacancyItem(after) });
  return writes;
}
