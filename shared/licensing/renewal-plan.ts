import { Z_OLD } from './folder-tree.ts';
import { type License, type LicenseClass, type LifecycleState, lifecycleState, sameClass } from './license.ts';
import { lastDay, type Term } from './term.ts';
import type { Day } from './time.ts';

/** A license of the renewal's file. */
export type OfferedLicense = LicenseClass & Term & { readonly serialNumber: string };

/** What the snapshot keeps of an expiring license: the administrator's screenshot (R33). */
export type OldLicense = {
  readonly serialNumber: string;
  readonly expiresOn: Day;
  readonly state: LifecycleState;
  readonly assignedTo?: string;
  readonly currentUser?: string;
};

/** One expiring license and what becomes of it; or a new license that replaces none. */
export type PlannedRow = {
  readonly class: LicenseClass;
  /** The old license's folder; of a left-over one, where it will be free. */
  readonly folderId: string;
  readonly old?: OldLicense;
  readonly new?: { readonly serialNumber: string; readonly validFrom: Day };
  /** Whose license it is: assigned to, else used by. */
  readonly user?: string;
  readonly outcome: 'replaced' | 'extended' | 'shortfall' | 'left-over';
};

/** When replacements are short, those who work now come first, then those who own, then nobody's (R34). */
const PRIORITY: Readonly<Record<LifecycleState, number>> = {
  'in-use': 0,
  releasing: 0,
  assigned: 1,
  free: 2,
  'set-aside': 3,
  'held-back': 3,
  deleted: 3,
};

/** Whether a renewal of what expires on or before `day` is to replace the license; zOld has been dealt with by hand. */
export function isExpiring(license: License, day: Day): boolean {
  const state = lifecycleState(license);
  return lastDay(license) <= day && license.folderId !== Z_OLD && state !== 'deleted' && state !== 'held-back';
}

/**
 * Pairs each expiring license with a new one of its class (R34). Deterministic: the same licenses and file in any
 * order give the same plan. `known` are the tenant's licenses that the file names; a known one is new only if it is held
 * back, left from a renewal that did not come to use it.
 */
export function planRenewal(
  licenses: readonly License[],
  file: { readonly issued: Day; readonly licenses: readonly OfferedLicense[] },
  known: ReadonlyMap<string, License>,
  expiringOnOrBefore: Day,
  folderForLeftOver: string,
): readonly PlannedRow[] {
  const expiring = licenses.filter((license) => isExpiring(license, expiringOnOrBefore));
  const extended = new Set(
    file.licenses
      .filter((offered) => lastDay(offered) > expiringOnOrBefore && extendsKnown(offered, file.issued, known))
      .map((offered) => offered.serialNumber),
  );
  const offers = file.licenses
    .filter((offered) => isNew(offered, known))
    .toSorted((one, other) => compare(one.validFrom, other.validFrom) || compare(one.serialNumber, other.serialNumber));
  const lasting = offers.filter((offered) => lastDay(offered) > expiringOnOrBefore);
  const queues = Map.groupBy(lasting, className);
  const used = new Set<string>();

  const rows = expiring.toSorted(byPriority).map((license): PlannedRow => {
    const row = rowOf(license);
    if (extended.has(license.serialNumber)) return { ...row, outcome: 'extended' };
    const replacement = queues.get(className(license))?.shift();
    if (replacement === undefined) return { ...row, outcome: 'shortfall' };
    used.add(replacement.serialNumber);
    return { ...row, new: newOf(replacement), outcome: 'replaced' };
  });
  const leftOver = offers
    .filter((offered) => !used.has(offered.serialNumber))
    .map(
      (offered): PlannedRow => ({
        class: classOf(offered),
        folderId: known.get(offered.serialNumber)?.folderId ?? folderForLeftOver,
        new: newOf(offered),
        outcome: 'left-over',
      }),
    );
  return [...rows, ...leftOver];
}

function extendsKnown(offered: OfferedLicense, issued: Day, known: ReadonlyMap<string, License>): boolean {
  const license = known.get(offered.serialNumber);
  return license !== undefined && sameClass(license, offered) && license.imported.issued < issued;
}

function isNew(offered: OfferedLicense, known: ReadonlyMap<string, License>): boolean {
  const license = known.get(offered.serialNumber);
  return license === undefined || (lifecycleState(license) === 'held-back' && sameClass(license, offered));
}

function rowOf(license: License): Omit<PlannedRow, 'outcome'> {
  const { serialNumber, assignedTo, currentUser } = license;
  const user = assignedTo ?? currentUser;
  return {
    class: classOf(license),
    folderId: license.folderId,
    old: {
      serialNumber,
      expiresOn: lastDay(license),
      state: lifecycleState(license),
      ...(assignedTo === undefined ? {} : { assignedTo }),
      ...(currentUser === undefined ? {} : { currentUser }),
    },
    ...(user === undefined ? {} : { user }),
  };
}

function className({ type, access, modules }: LicenseClass): string {
  return `${type} ${access} ${modules}`;
}

function classOf({ type, access, modules }: LicenseClass): LicenseClass {
  return { type, access, modules };
}

function newOf({ serialNumber, validFrom }: OfferedLicense): NonNullable<PlannedRow['new']> {
  return { serialNumber, validFrom };
}

function byPriority(one: License, other: License): number {
  const order = PRIORITY[lifecycleState(one)] - PRIORITY[lifecycleState(other)];
  return order || compare(one.serialNumber, other.serialNumber);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
