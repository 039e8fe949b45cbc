import { type FolderTree, pathOf } from '../licensing/folder-tree.ts';
import type { LicenseClass } from '../licensing/license.ts';
import type { RenewalRow } from '../licensing/renewal-row.ts';
import type { Table } from '../store/table.ts';
import { countRows, findRenewal, type RenewalCounts, readRows } from './read-renewal.ts';
import type { Renewal } from './renewal.ts';

/** A row as people see it (contracts); `old` and `new` are serial numbers. */
export type RenewalRowView = {
  readonly old?: string;
  readonly new?: string;
  readonly class: LicenseClass;
  readonly folder: string;
  readonly user?: string;
  /** Of the snapshot: the old license's last day, its assignee, and who worked on it. */
  readonly expiresOn?: string;
  readonly assignedTo?: string;
  readonly currentUser?: string;
} & Pick<RenewalRow, 'outcome' | 'oldLicense' | 'why'>;

export type RenewalView = Pick<
  Renewal,
  'renewalId' | 'status' | 'expiringOnOrBefore' | 'cleanupAt' | 'finishedAt' | 'error'
> & {
  readonly upload: string;
  readonly counts: RenewalCounts;
  readonly rows: readonly RenewalRowView[];
  readonly cursor?: string;
};

const ROWS_PER_PAGE = 1_000;

/**
 * A renewal with one page of its rows; `cursor` leads to the next. Undefined for an unknown renewal, and for a cursor
 * that is none of its. Counts are of all rows.
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

  const rows = await readRows(table, renewal, 0, renewal.rows);
  const { renewalId, status, expiringOnOrBefore, upload, cleanupAt, finishedAt, error } = renewal;
  const end = start + ROWS_PER_PAGE;
  return {
    ...{ renewalId, status, expiringOnOrBefore, upload: upload.key },
    ...(cleanupAt === undefined ? {} : { cleanupAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(error === undefined ? {} : { error }),
    counts: countRows(rows),
    rows: rows.slice(start, end).map(({ row }) => viewRow(row, folders)),
    ...(end < renewal.rows ? { cursor: Buffer.from(`row ${end}`).toString('base64url') } : {}),
  };
}

function viewRow(
  { old, new: replacement, switched: _, folderId, ...row }: RenewalRow,
  folders: FolderTree,
): RenewalRowView {
  const { serialNumber, state, ...snapshot } = old ?? {};
  return {
    ...(serialNumber === undefined ? {} : { old: serialNumber }),
    ...(replacement === undefined ? {} : { new: replacement.serialNumber }),
    ...row,
    folder: pathOf(folders, folderId) ?? '',
    ...snapshot,
  };
}

function rowOfCursor(cursor: string): number | undefined {
  const [, digits] = /^row (\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return digits === undefined ? undefined : Number(digits);
}
