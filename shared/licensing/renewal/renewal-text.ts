import { ALL_MODULES, type LicenseClass } from '../license/license.ts';
import type { Day, Instant } from '../time.ts';
import type { RenewalMode } from '../vocabulary.ts';
import {
  type DoubtfulHolder,
  daysWithout,
  type FreeInstead,
  type Loser,
  type RenewalSummary,
  type SummedRow,
} from './renewal-summary.ts';

export type TextFacts = {
  readonly renewalId: string;
  readonly status: string;
  readonly expiringOnOrBefore?: Day | undefined;
  readonly mode: RenewalMode;
  readonly plannedAt?: Instant | undefined;
  readonly switchAt: Instant;
  readonly upload?: string | undefined;
};

type TextRow = SummedRow & { readonly oldLicense?: string; readonly why?: string };

/** Returns a renewal and its plan as a text for people (R34). `pathOf` gives the path of a folder. */
export function renewalText(
  facts: TextFacts,
  rows: readonly TextRow[],
  summary: RenewalSummary,
  pathOf: (folderId: string) => string,
): string {
  const count = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
  const olds = rows.filter(({ old }) => old !== undefined).length;
  const what =
    facts.expiringOnOrBefore === undefined
      ? `${plural(olds, 'listed license')}`
      : `${plural(olds, 'license')} expiring on or before ${facts.expiringOnOrBefore}`;
  const short = summary.shortfall.reduce((sum, { licenses }) => sum + licenses.length, 0);
  const lines = [
    `Renewal ${facts.renewalId}: ${facts.status}`,
    `${what}; new licenses ${facts.upload === undefined ? 'imported already' : `from ${facts.upload}`}; mode ${facts.mode}`,
    `Planned at ${facts.plannedAt ?? 'an unknown time'}; the last switch is at ${facts.switchAt}`,
    '',
    `${count('replaced')} replaced, ${count('extended')} extended, ${short} without a replacement`,
    ...section(
      'Without a replacement',
      summary.shortfall.flatMap(({ class: of, folderId, licenses, instead }) => [
        `${plural(licenses.length, 'license')}, ${classText(of)}, in ${place(pathOf(folderId))}: ${licenses
          .map(({ serialNumber, user }) => `${serialNumber} (${user ?? 'nobody'})`)
          .join(', ')}`,
        ...losersText(licenses, insteadText(instead, pathOf)).map((line) => `  ${line}`),
      ]),
    ),
    ...section('Assigned to users without access', holders(summary.usersWithoutAccess)),
    ...section('Second license of the class for one user', holders(summary.secondLicenses)),
    ...section(
      'Days without a license',
      summary.daysWithoutLicense.map(
        ({ serialNumber, user, days, after, until }) =>
          `${serialNumber} (${user ?? 'nobody'}): ${plural(days, 'day')} between ${after} and ${until}`,
      ),
    ),
    ...section(
      'In use, waiting in zOld until the sessions end',
      summary.waitsInZOld.map(({ serialNumber, user }) => `${serialNumber} (${user})`),
    ),
    ...section(
      'New licenses left over',
      summary.leftOver.map(({ class: of, serialNumbers }) => `${classText(of)}: ${serialNumbers.join(', ')}`),
    ),
    ...section(
      'License by license',
      rows.map((row) => rowText(row, pathOf)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Returns a line for each day from which users are without a license, and a line with what is free for them instead.
 */
function losersText(licenses: readonly Loser[], instead: string): readonly string[] {
  const losing = licenses.filter(({ user }) => user !== undefined);
  const byDay = [...Map.groupBy(losing, ({ withoutFrom }) => withoutFrom)];
  const lines = byDay.map(([day, some]) => `Without it from ${day}: ${some.map(({ user }) => user).join(', ')}`);
  return lines.length === 0 ? [] : [...lines, `Free for them instead: ${instead}`];
}

function insteadText(instead: readonly FreeInstead[], pathOf: (folderId: string) => string): string {
  const texts = instead.map(
    ({ free, type, access, folderId }) => `${free} ${type} ${access} in ${place(pathOf(folderId))}`,
  );
  return texts.length === 0 ? 'nothing' : texts.join(', ');
}

function holders(some: readonly DoubtfulHolder[]): readonly string[] {
  return some.map(({ serialNumber, user }) => `${serialNumber} (${user})`);
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function rowText(row: TextRow, pathOf: (folderId: string) => string): string {
  const { old, new: replacement, user, oldLicense, why } = row;
  const days = daysWithout(row);
  return [
    `${old?.serialNumber ?? '-'} -> ${replacement?.serialNumber ?? '-'}`,
    `${classText(row.class)}, ${place(pathOf(row.folderId))}, ${user ?? 'nobody'}`,
    ...(old === undefined ? [] : [`expires ${old.expiresOn}`]),
    `${row.outcome}${days > 0 ? `, ${plural(days, 'day')} without a license` : ''}${oldLicense === undefined ? '' : `, old license ${oldLicense}`}`,
    ...(why === undefined ? [] : [why]),
  ].join(' | ');
}

function classText({ type, access, modules }: LicenseClass): string {
  return `${type} ${access}, ${modules === ALL_MODULES ? 'all modules' : modules}`;
}

function place(path: string): string {
  return path === '' ? 'the root' : path;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
