import { defined } from '../licensing/defined.ts';
import type { FolderTree } from '../licensing/folder-tree.ts';
import { pathOf } from '../licensing/folder-tree.ts';
import type { LicenseClass } from '../licensing/license/license.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { daysWithout, type FreeInstead, type RenewalSummary, summaryOf } from '../licensing/renewal/renewal-summary.ts';
import { tallyOf } from '../licensing/renewal/renewal-tally.ts';
import { renewalText } from '../licensing/renewal/renewal-text.ts';
import type { HolderDoubt, LifecycleState } from '../licensing/vocabulary.ts';
import type { Table } from '../platform/ports/table.ts';
import { partitions, userCardKey } from '../store/keys.ts';
import { readKeys } from '../store/paging.ts';
import { foundCard } from '../store/read-user-card.ts';
import {
  countsOf,
  findRenewal,
  type IndexedRow,
  progressOf,
  type RenewalCounts,
  type RenewalProgress,
  readRows,
  readTally,
} from './read-renewal.ts';
import { type Renewal, renewalOf } from './renewal.ts';

/** A row as the API shows it. `old` and `new` are serial numbers. */
export type RenewalRowView = {
  readonly row: number;
  readonly old?: string;
  readonly new?: string;
  readonly class: LicenseClass;
  readonly folder: string;
  readonly user?: string;
  /** From the snapshot: the old license's term and state, its assignee, who worked on it and since when. */
  readonly validFrom?: string;
  readonly expiresOn?: string;
  readonly state?: LifecycleState;
  readonly setAsideOn?: string;
  readonly assignedTo?: string;
  readonly currentUser?: string;
  readonly since?: string;
  readonly newValidFrom?: string;
  readonly newExpiresOn?: string;
  readonly daysWithoutLicense?: number;
  readonly doubt?: HolderDoubt;
} & Pick<RenewalRow, 'outcome' | 'oldLicense' | 'newLicense' | 'why' | 'switchedAt' | 'deletedAt' | 'undoneAt'>;

type Loser = {
  readonly serialNumber: string;
  readonly user?: string;
  readonly name?: string;
  readonly expiresOn: string;
};

type Header = Pick<
  Renewal,
  | 'renewalId'
  | 'status'
  | 'mode'
  | 'expiringOnOrBefore'
  | 'plannedAt'
  | 'plannedBy'
  | 'approved'
  | 'startedAt'
  | 'switchAt'
  | 'cleanupAt'
  | 'finishedAt'
  | 'undoneAt'
>;

type HeaderView = Header & {
  /** Changes with the plan and with the status. */
  readonly version: string;
  readonly undo?: { readonly actor: string; readonly at: string };
  /** Why it stopped last. It is not called `error`, which is the name of a refusal. */
  readonly stopped?: { readonly name: string; readonly text: string };
  readonly upload?: string;
};

/** How far a renewal has come, without its rows. */
export type RenewalStatusView = HeaderView & { readonly counts: RenewalCounts; readonly progress: RenewalProgress };

export type RenewalView = RenewalStatusView & {
  readonly shortfall: readonly {
    readonly class: LicenseClass;
    readonly folder: string;
    readonly licenses: readonly (Loser & { readonly name?: string })[];
    /** What was free for these users when it was planned. */
    readonly instead: readonly (Omit<FreeInstead, 'folderId'> & { readonly folder: string })[];
  }[];
  readonly rows: readonly RenewalRowView[];
  readonly cursor?: string;
} & Omit<RenewalSummary, 'shortfall'>;

const ROWS_PER_PAGE = 1_000;

/**
 * Reads a renewal with one page of its rows. `cursor` leads to the next page. Returns undefined for an unknown renewal
 * and for a cursor of another list. Counts and summary cover all rows, and each list of the summary has at most a
 * thousand entries.
 */
export async function viewRenewal(
  table: Table,
  folders: FolderTree,
  of: { readonly tenant: string; readonly renewalId: string },
  cursor?: string,
): Promise<RenewalView | undefined> {
  const renewal = await findRenewal(table, of.tenant, of.renewalId);
  const start = cursor === undefined ? 0 : rowOfCursor(cursor);
  if (renewal === undefined || start === undefined || (start > 0 && start >= renewal.rows)) return undefined;
  const rows = await readRows(table, renewal);
  const end = start + ROWS_PER_PAGE;
  const tally = tallyOf(rows.map(({ row }) => row));
  return {
    ...headerView(renewal),
    counts: countsOf(tally),
    progress: progressOf(renewal, tally),
    ...(await summaryView(table, folders, renewal, rows)),
    rows: rows.slice(start, end).map(viewRow),
    ...(end < renewal.rows ? { cursor: cursorOfRow(end) } : {}),
  };
}

/** Reads how far a renewal has come, in two reads however many rows it has. Returns undefined for an unknown one. */
export async function viewStatus(
  table: Table,
  of: { readonly tenant: string; readonly renewalId: string },
): Promise<RenewalStatusView | undefined> {
  const renewal = await findRenewal(table, of.tenant, of.renewalId);
  if (renewal === undefined) return undefined;
  const tally = await readTally(table, renewal);
  return { ...headerView(renewal), counts: countsOf(tally), progress: progressOf(renewal, tally) };
}

/** Returns a renewal as a text for people. Returns undefined for an unknown one. */
export async function textOfRenewal(
  table: Table,
  folders: FolderTree,
  of: { readonly tenant: string; readonly renewalId: string },
): Promise<{ readonly renewalId: string; readonly status: Renewal['status']; readonly text: string } | undefined> {
  const renewal = await findRenewal(table, of.tenant, of.renewalId);
  if (renewal === undefined) return undefined;
  const rows = (await readRows(table, renewal)).map(({ row }) => row);
  const paths = new Map(rows.map(({ folderId, folder }) => [folderId, folder]));
  const { renewalId, status } = renewal;
  const facts = { ...renewal, upload: renewal.upload?.key };
  const place = (folderId: string): string => paths.get(folderId) ?? pathOf(folders, folderId) ?? folderId;
  return { renewalId, status, text: renewalText(facts, rows, summaryOf(rows, renewal.instead), place) };
}

/** Lists a tenant's renewals without their rows, the latest first. */
export async function listRenewals(
  table: Table,
  tenantId: string,
): Promise<readonly (HeaderView & { readonly rows: number })[]> {
  const keys = await readKeys(table, 'by-tenant', {
    partition: partitions.renewalsOfTenant(tenantId),
    descending: true,
  });
  const items = await table.getMany(keys);
  return items.flatMap((item) => {
    if (item === undefined) return [];
    const renewal = renewalOf(item);
    return [{ ...headerView(renewal), rows: renewal.rows }];
  });
}

/** Returns the version that an administrator saw when they decide about a renewal (F50). */
export function versionOf({ planId, status }: Renewal): string {
  return `${planId}.${status}`;
}

function headerView(renewal: Renewal): HeaderView {
  const {
    tenant: _t,
    planId: _p,
    planned: _c,
    rows: _r,
    execution: _e,
    executions: _n,
    importId: _i,
    instead: _f,
    shortfallOverAt: _s,
    upload,
    undo,
    error,
    ...header
  } = renewal;
  return defined({
    ...header,
    version: versionOf(renewal),
    ...(undo === undefined ? {} : { undo: { actor: undo.actor, at: undo.at } }),
    ...(upload === undefined ? {} : { upload: upload.key }),
    stopped: error,
  });
}

const MOST = 1_000;

/** Names the users who would lose their license. The card has the name, and the renewal keeps the id alone. */
async function summaryView(
  table: Table,
  folders: FolderTree,
  { tenant, instead: counted }: Renewal,
  rows: readonly IndexedRow[],
): Promise<Pick<RenewalView, keyof RenewalSummary>> {
  const summary = summaryOf(
    rows.map(({ row }) => row),
    counted,
  );
  let left = MOST;
  const shortfall = summary.shortfall.map((group) => {
    const licenses = group.licenses.slice(0, left);
    left -= licenses.length;
    return { ...group, licenses };
  });
  const usersWithoutAccess = summary.usersWithoutAccess.slice(0, MOST);
  const secondLicenses = summary.secondLicenses.slice(0, MOST);
  const losers = shortfall.flatMap(({ licenses }) => licenses);
  const users = [...losers, ...usersWithoutAccess, ...secondLicenses].flatMap(({ user }) => user ?? []);
  const cards = await table.getMany([...new Set(users)].map((user) => userCardKey(tenant, user)));
  const names = new Map(
    cards.flatMap((item) => {
      const { card } = foundCard(item);
      return card?.name === undefined ? [] : [[card.user, card.name]];
    }),
  );
  const named = <Holder extends { readonly user?: string }>(holder: Holder) => {
    const name = holder.user === undefined ? undefined : names.get(holder.user);
    return { ...holder, ...defined({ name }) };
  };
  const place = (folderId: string): string => pathOf(folders, folderId) ?? folderId;
  return {
    shortfall: shortfall.map(({ class: of, folderId, licenses, instead }) => ({
      class: of,
      folder: place(folderId),
      licenses: licenses.map(named),
      instead: instead.map(({ folderId: at, ...free }) => ({ ...free, folder: place(at) })),
    })),
    usersWithoutAccess: usersWithoutAccess.map(named),
    secondLicenses: secondLicenses.map(named),
    leftOver: summary.leftOver.map((group) => ({ ...group, serialNumbers: group.serialNumbers.slice(0, MOST) })),
    daysWithoutLicense: summary.daysWithoutLicense.slice(0, MOST),
    waitsInZOld: summary.waitsInZOld.slice(0, MOST),
  };
}

/** Returns a row as the API shows it. `row` is its number in the plan, counted from 1. */
export function viewRow({ index, row }: IndexedRow): RenewalRowView {
  const { old, new: replacement, class: of, folder, user, outcome, doubt } = row;
  const { oldLicense, newLicense, why, switchedAt, deletedAt, undoneAt } = row;
  const days = daysWithout(row);
  return defined({
    row: index + 1,
    ...(old === undefined ? {} : { old: old.serialNumber }),
    ...(replacement === undefined ? {} : { new: replacement.serialNumber }),
    class: of,
    folder,
    user,
    doubt,
    ...(old === undefined ? {} : { validFrom: old.validFrom, expiresOn: old.expiresOn, state: old.state }),
    ...(old?.setAsideOn === undefined ? {} : { setAsideOn: old.setAsideOn }),
    ...(old?.assignedTo === undefined ? {} : { assignedTo: old.assignedTo }),
    ...(old?.currentUser === undefined ? {} : { currentUser: old.currentUser }),
    ...(old?.since === undefined ? {} : { since: old.since }),
    ...(replacement === undefined ? {} : { newValidFrom: replacement.validFrom }),
    ...(replacement?.expiresOn === undefined ? {} : { newExpiresOn: replacement.expiresOn }),
    ...(days === 0 ? {} : { daysWithoutLicense: days }),
    outcome,
    oldLicense,
    newLicense,
    why,
    switchedAt,
    deletedAt,
    undoneAt,
  });
}

export function cursorOfRow(row: number): string {
  return Buffer.from(`row ${row}`).toString('base64url');
}

export function rowOfCursor(cursor: string): number | undefined {
  const [, digits] = /^row (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
