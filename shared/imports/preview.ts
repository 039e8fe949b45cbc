import { defined } from '../licensing/defined.ts';
import { pathOf } from '../licensing/folder-tree.ts';
import { type FileRow, type LicenseOutcome, planLicense } from '../licensing/license/import-plan.ts';
import type { License, LicenseClass } from '../licensing/license/license.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Term } from '../licensing/term.ts';
import type { Day, Instant } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { licenseOf } from '../store/items.ts';
import { contentKey, licenseKey } from '../store/keys.ts';
import { firstImportOf } from './read-report.ts';
import type { FileJudgment, JudgedFile, RejectedUpload } from './read-upload.ts';
import { type Counts, countsOf } from './report.ts';

/** A license as the file says, or as it is now. */
type Side = LicenseClass & Term & { readonly issued: Day };

/** What an import would do with one license of the file. */
export type PreviewedLicense = LicenseOutcome & {
  readonly file: Side;
  /** Absent for a license that is not known. */
  readonly present?: Side & { readonly folder: string; readonly deletedAt?: Instant; readonly version: number };
};

/** What an import would report about a file, and about each of its licenses. */
export type Preview = Omit<RejectedUpload, 'issued'> & {
  readonly status: 'accepted' | 'rejected';
  readonly counts: Counts;
  readonly issued?: Day;
  /** The folder of new licenses. */
  readonly folder?: string;
  /** The first import of the same bytes. */
  readonly sameAs?: string;
  readonly licenses: readonly PreviewedLicense[];
};

/**
 * Compares a judged file with the present licenses, by the rules of the import. It writes nothing. It reads each
 * license of the file once.
 */
export async function previewFile(
  deps: { readonly table: Table; readonly clock: Clock },
  tenant: Tenant,
  judgment: FileJudgment,
): Promise<Preview> {
  switch (judgment.kind) {
    case 'rejected':
      return { status: 'rejected', counts: countsOf([]), ...judgment.upload, licenses: [] };
    case 'accepted':
      return previewAccepted(deps, tenant, judgment.file);
  }
}

async function previewAccepted(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { tenantId, folders }: Tenant,
  { issued, ignored, sha256, folderId, licenses: rows }: JudgedFile,
): Promise<Preview> {
  const sameAs = firstImportOf(await table.get(contentKey(tenantId, sha256)));
  const items = await table.getMany(rows.map(({ serialNumber }) => licenseKey(tenantId, serialNumber)));
  const change = { actor: 'preview-import', cause: 'preview', at: clock.now() };
  const by = { tenant: tenantId, importId: 'preview', issued, folderId, change };
  const viewPresent = (license: License) => {
    const { imported, deletedAt, version } = license;
    const folder = pathOf(folders, license.folderId) ?? license.folderId;
    return defined({ ...sideOf(license, imported.issued), folder, deletedAt, version });
  };
  const licenses = rows.map((row, position) => {
    const item = items[position];
    const before = item === undefined ? undefined : licenseOf(item);
    const { outcome } = planLicense(by, row, before);
    return defined({ ...outcome, file: sideOf(row, issued), present: before && viewPresent(before) });
  });
  const folder = pathOf(folders, folderId);
  return defined({
    status: 'accepted',
    counts: countsOf(licenses),
    faults: [],
    issued,
    folder,
    sameAs,
    ignored,
    licenses,
  });
}

function sideOf({ type, access, modules, validFrom, expiresOn }: Omit<FileRow, 'serialNumber'>, issued: Day): Side {
  return defined({ type, access, modules, validFrom, expiresOn, issued });
}
