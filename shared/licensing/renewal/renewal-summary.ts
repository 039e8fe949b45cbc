import { dayAfter, daysBetween } from '../cleanup-time.ts';
import { ROOT } from '../folder-tree.ts';
import type { LicenseClass } from '../license/license.ts';
import type { Day } from '../time.ts';
import type { Access, HolderDoubt, LicenseType } from '../vocabulary.ts';
import type { PlannedRow } from './renewal-plan.ts';

/** A row of a plan, or of a renewal under way, in which the plan stays readable. */
export type SummedRow = Omit<PlannedRow, 'outcome' | 'imported'> & { readonly outcome: string };

export type Loser = {
  readonly serialNumber: string;
  readonly user?: string;
  readonly expiresOn: Day;
  /** The first day without the license. */
  readonly withoutFrom: Day;
};

/** A license whose holder may not need a new one. */
export type DoubtfulHolder = { readonly serialNumber: string; readonly user: string };

/** How many licenses are free in a folder for users who lose theirs, at most as many as are counted. */
export type FreeInstead = {
  readonly folderId: string;
  readonly type: LicenseType;
  readonly access: Access;
  readonly free: number;
};

/** What an administrator must know before approving a plan (R34). */
export type RenewalSummary = {
  /** Licenses without a replacement, by class and folder, with the users who would lose theirs. */
  readonly shortfall: readonly {
    readonly class: LicenseClass;
    readonly folderId: string;
    readonly licenses: readonly Loser[];
    /** What a login could give these users instead: in their folder and in the root. */
    readonly instead: readonly FreeInstead[];
  }[];
  /** Assigned licenses of users without access (R34). */
  readonly usersWithoutAccess: readonly DoubtfulHolder[];
  /** Licenses of users who have another one of the class. */
  readonly secondLicenses: readonly DoubtfulHolder[];
  readonly leftOver: readonly { readonly class: LicenseClass; readonly serialNumbers: readonly string[] }[];
  /** Gaps between the old license's last day and the new one's first day, in which the user has neither. */
  readonly daysWithoutLicense: readonly {
    readonly serialNumber: string;
    readonly user?: string;
    readonly days: number;
    readonly after: string;
    readonly until: string;
  }[];
  /** Old licenses in use: they wait in zOld until the sessions on them end. */
  readonly waitsInZOld: readonly { readonly serialNumber: string; readonly user: string }[];
};

/** Summarizes the rows of a plan for the administrator who approves it (R34). */
export function summaryOf(rows: readonly SummedRow[], free: readonly FreeInstead[] = []): RenewalSummary {
  const short = rows.filter(({ outcome }) => outcome === 'shortfall' || outcome === 'set-aside');
  const leftOver = rows.filter((row) => row.old === undefined);
  return {
    shortfall: [...Map.groupBy(short, (row) => `${classKey(row.class)} ${row.folderId}`).values()].flatMap((group) => {
      const [first] = group;
      return first === undefined
        ? []
        : [
            {
              class: first.class,
              folderId: first.folderId,
              licenses: group.flatMap(loserOf),
              instead: insteadOf(first, free),
            },
          ];
    }),
    usersWithoutAccess: doubtful(rows, 'no-access'),
    secondLicenses: doubtful(rows, 'second-license'),
    leftOver: [...Map.groupBy(leftOver, (row) => classKey(row.class)).values()].flatMap((group) => {
      const [first] = group;
      const serialNumbers = group.flatMap((row) => row.new?.serialNumber ?? []);
      return first === undefined ? [] : [{ class: first.class, serialNumbers }];
    }),
    daysWithoutLicense: rows.flatMap((row) => {
      const days = daysWithout(row);
      if (days === 0 || row.old === undefined || row.new === undefined) return [];
      const { serialNumber, expiresOn } = row.old;
      return [{ serialNumber, ...userOf(row), days, after: expiresOn, until: row.new.validFrom }];
    }),
    waitsInZOld: rows.flatMap((row) =>
      row.new === undefined || row.old?.currentUser === undefined
        ? []
        : [{ serialNumber: row.old.serialNumber, user: row.old.currentUser }],
    ),
  };
}

/** Returns the number of days on which neither the row's old license nor its new one is valid. */
export function daysWithout({ old, new: replacement }: Pick<SummedRow, 'old' | 'new'>): number {
  return old === undefined || replacement === undefined ? 0 : daysBetween(old.expiresOn, replacement.validFrom);
}

function loserOf(row: SummedRow): readonly Loser[] {
  if (row.old === undefined) return [];
  const { serialNumber, expiresOn } = row.old;
  return [{ serialNumber, ...userOf(row), expiresOn, withoutFrom: dayAfter(expiresOn) }];
}

/**
 * Auto-allocation looks in the user's folder and in the root, for all modules, and never for a read license (R14–R18).
 */
function insteadOf({ class: of, folderId }: SummedRow, free: readonly FreeInstead[]): readonly FreeInstead[] {
  return free.filter((one) => one.access === of.access && (one.folderId === folderId || one.folderId === ROOT));
}

function doubtful(rows: readonly SummedRow[], doubt: HolderDoubt): readonly DoubtfulHolder[] {
  return rows.flatMap((row) =>
    row.doubt !== doubt || row.old === undefined || row.user === undefined
      ? []
      : [{ serialNumber: row.old.serialNumber, user: row.user }],
  );
}

function userOf({ user }: SummedRow): { readonly user?: string } {
  return user === undefined ? {} : { user };
}

function classKey({ type, access, modules }: LicenseClass): string {
  return `${type} ${access} ${modules}`;
}
