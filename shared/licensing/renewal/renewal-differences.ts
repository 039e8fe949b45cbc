import { defined } from '../defined.ts';
import { type License, sameClass } from '../license/license.ts';
import { lastDay } from '../term.ts';
import type { Day } from '../time.ts';
import { type ExpiringBy, isExpiring, isUntaken, type PlannedRow } from './renewal-plan.ts';

export const DIFFERENCES = [
  'holder',
  'folder',
  'class',
  'term',
  'newly-expiring',
  'no-longer-expiring',
  'replacement-taken',
  'user-card-removed',
  'upload',
] as const;

/** A fact that a plan depends on and that has changed since (R35). */
export type Difference = {
  readonly what: (typeof DIFFERENCES)[number];
  readonly serialNumber?: string;
  readonly user?: string;
  readonly planned?: string;
  readonly now?: string;
};

/** The plan's licenses and users as they are now. */
export type PresentFacts = {
  /** By serial number: the licenses that the plan names, and those that are expiring now. */
  readonly licenses: ReadonlyMap<string, License>;
  /** The users of the plan who have a card. */
  readonly users: ReadonlySet<string>;
  /** Whether the plan's file is unchanged. */
  readonly isSameUpload: boolean;
};

/**
 * Returns what has changed since a plan was made (R35). It compares to whom a license is assigned, not who works on it.
 * The user of a floating license changes with every login, and the switch ends no session, so logins and logouts make
 * no difference.
 */
export function differencesOf(
  rows: readonly PlannedRow[],
  by: ExpiringBy,
  { licenses, users, isSameUpload }: PresentFacts,
): readonly Difference[] {
  const planned = new Set(rows.flatMap(({ old }) => old?.serialNumber ?? []));
  const added = [...licenses.values()]
    .filter((license) => !planned.has(license.serialNumber) && isExpiring(license, by))
    .map((license) => license.serialNumber)
    .toSorted();
  return [
    ...(isSameUpload ? [] : [{ what: 'upload' } as const]),
    ...rows.flatMap((row) => [
      ...ofOld(row, by, licenses),
      ...ofNew(row, licenses),
      ...(row.old?.assignedTo === undefined || users.has(row.old.assignedTo)
        ? []
        : [{ what: 'user-card-removed', serialNumber: row.old.serialNumber, user: row.old.assignedTo } as const]),
    ]),
    ...added.map((serialNumber) => ({ what: 'newly-expiring', serialNumber }) as const),
  ];
}

function ofOld(row: PlannedRow, by: ExpiringBy, licenses: ReadonlyMap<string, License>): readonly Difference[] {
  const { old } = row;
  if (old === undefined) return [];
  const { serialNumber } = old;
  const license = licenses.get(serialNumber);
  // A license that the file extends need not be expiring. If it has changed, its term or its folder differs.
  const isThere = row.outcome === 'extended' ? license?.deletedAt === undefined : license && isExpiring(license, by);
  if (license === undefined || !isThere) return [{ what: 'no-longer-expiring', serialNumber }];
  const differs = (
    what: Difference['what'],
    planned: string | undefined,
    now: string | undefined,
  ): readonly Difference[] =>
    planned === now
      ? []
      : [
          defined({
            what,
            serialNumber,
            planned,
            now,
          }),
        ];
  const term = (validFrom: Day, last: Day): string => `${validFrom} to ${last}`;
  return [
    ...differs('holder', old.assignedTo, license.assignedTo),
    ...differs('folder', row.folderId, license.folderId),
    ...differs('term', term(old.validFrom, old.expiresOn), term(license.validFrom, lastDay(license))),
    ...(sameClass(row.class, license) ? [] : [{ what: 'class', serialNumber } as const]),
  ];
}

/** Compares a row's replacement. One that is not imported yet cannot have been taken. */
function ofNew(row: PlannedRow, licenses: ReadonlyMap<string, License>): readonly Difference[] {
  if (row.new === undefined) return [];
  const { serialNumber } = row.new;
  const license = licenses.get(serialNumber);
  if (license === undefined || (isUntaken(license) && sameClass(row.class, license))) return [];
  const by = license.assignedTo ?? license.currentUser;
  return [defined({ what: 'replacement-taken', serialNumber, now: by })];
}
