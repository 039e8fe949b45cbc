import { dayAfter } from '../cleanup-time.ts';
import { defined } from '../defined.ts';
import type { LicenseClass } from '../license/license.ts';
import type { LicenseSnapshot } from '../login/user-card.ts';
import { type Term, termPhase } from '../term.ts';
import type { Day } from '../time.ts';
import { daysWithout, type SummedRow } from './renewal-summary.ts';

/** How many of a plan's licenses end on a day, and how many of them are replaced, extended, or neither. */
export type EndingDay = {
  readonly day: Day;
  readonly ends: number;
  readonly replaced: number;
  readonly extended: number;
  readonly withoutReplacement: number;
};

/** A user whose license ends and who does not have its replacement the next day. */
export type LeftWithout = {
  readonly user: string;
  readonly serialNumber: string;
  readonly class: LicenseClass;
  readonly folder: string;
  /** The first day without the license. */
  readonly from: Day;
  /** The first day of the replacement. Absent for a license without a replacement. */
  readonly until?: Day;
  /** The user's other licenses that are valid on the day `from`, including those that the plan gives to the user. */
  readonly keeps: readonly string[];
};

type EndingRow = SummedRow & { readonly folder: string };

/** Counts the licenses that end on each day, in the order of the days. */
export function endingDays(rows: readonly EndingRow[]): readonly EndingDay[] {
  const byDay = Map.groupBy(rows, ({ old }) => old?.expiresOn);
  return [...byDay]
    .flatMap(([day, some]): readonly EndingDay[] => {
      const count = (...outcomes: readonly string[]): number =>
        some.filter(({ outcome }) => outcomes.includes(outcome)).length;
      const [replaced, extended, withoutReplacement] = [count('replaced'), count('extended'), count(...SHORT)];
      return day === undefined ? [] : [{ day, ends: some.length, replaced, extended, withoutReplacement }];
    })
    .toSorted((one, other) => (one.day < other.day ? -1 : 1));
}

/** The outcomes of a license without a replacement: before its last day, and after it. */
const SHORT: readonly string[] = ['shortfall', 'set-aside'];

/**
 * Returns the users who will be without a license, in the order of their first day without it. `keptLicenses` finds
 * `keeps`.
 */
export function leftWithout(rows: readonly EndingRow[]): readonly Omit<LeftWithout, 'keeps'>[] {
  return rows
    .flatMap((row) => {
      const { old, user, outcome, class: of, folder } = row;
      if (old === undefined || user === undefined) return [];
      const isGap = outcome === 'replaced' && daysWithout(row) > 0;
      if (!SHORT.includes(outcome) && !isGap) return [];
      const until = isGap ? row.new?.validFrom : undefined;
      const { serialNumber } = old;
      return [defined({ user, serialNumber, class: of, folder, from: dayAfter(old.expiresOn), until })];
    })
    .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

function placeOf({ from, user, serialNumber }: Omit<LeftWithout, 'keeps'>): string {
  return JSON.stringify([from, user, serialNumber]);
}

/** Returns which other licenses the user has on the first day without one: those of the card, and those of the plan. */
export function keptLicenses(
  { user, serialNumber, from }: Omit<LeftWithout, 'keeps'>,
  assigned: Readonly<Record<string, LicenseSnapshot>>,
  rowsOfUser: readonly EndingRow[],
): readonly string[] {
  const planned = rowsOfUser.flatMap(({ old, new: replacement }): readonly (readonly [string, Term])[] =>
    old?.assignedTo !== user || replacement === undefined ? [] : [[replacement.serialNumber, replacement]],
  );
  const held = [...Object.entries(assigned), ...planned];
  const valid = held.filter(([serial, term]) => serial !== serialNumber && termPhase(term, from) === 'valid');
  return [...new Set(valid.map(([serial]) => serial))].toSorted();
}
