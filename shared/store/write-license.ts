import { equal } from '../licensing/clause.ts';
import { isAllocatable, type License, lifecycleState } from '../licensing/license/license.ts';
import { termPhase } from '../licensing/term.ts';
import type { Day } from '../licensing/time.ts';
import type { Write } from '../platform/ports/table.ts';
import { licenseItem, vacancyItem } from './items.ts';
import { vacancyKey } from './keys.ts';

/** Whether the license has a vacancy: free, of a class that auto-allocation takes, and not expired. */
export function isVacant(license: License, today: Day): boolean {
  return mayHaveVacancy(license) && termPhase(license, today) !== 'expired';
}

/** An expired license keeps its vacancy until the daily cleanup takes it away. */
export function mayHaveVacancy(license: License): boolean {
  return isAllocatable(license) && lifecycleState(license) === 'free';
}

/**
 * The license from one version to the next, with its vacancy; refused when it is no longer as it was read. Its import
 * mark is compared beside the version: a later file that says the same moves the mark and makes no new version.
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
