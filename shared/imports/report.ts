import * as z from 'zod/mini';
import type { FileFault } from '../license-file/faults.ts';
import { defined } from '../licensing/defined.ts';
import type { LicenseOutcome } from '../licensing/license/import-plan.ts';
import { IMPORT_OUTCOMES, type ImportOutcome, REPORT_STATUSES, type ReportStatus } from '../licensing/vocabulary.ts';
import type { Item } from '../platform/ports/table.ts';
import { importKey, importPageKey, partitions } from '../store/keys.ts';

const COUNT_NAMES = {
  added: 'added',
  'term-changed': 'termChanged',
  unchanged: 'unchanged',
  stale: 'stale',
  conflict: 'conflict',
  'deleted-before': 'deletedBefore',
} as const satisfies Record<ImportOutcome, string>;

export type Counts = Readonly<Record<(typeof COUNT_NAMES)[ImportOutcome], number>>;

/** A report as the API shows it. `licenses` are in the order of the file. */
export type ImportReport = {
  readonly importId: string;
  readonly tenant: string;
  readonly key: string;
  readonly versionId?: string;
  /** Absent if the upload does not name an uploader. */
  readonly uploadedBy?: string;
  readonly receivedAt: string;
  readonly finishedAt: string;
  readonly status: ReportStatus;
  readonly issued?: string;
  /** The first import of the same bytes. */
  readonly sameAs?: string;
  readonly counts: Counts;
  readonly licenses: readonly LicenseOutcome[];
  readonly ignored: readonly string[];
  readonly faults: readonly ReportedFault[];
};

/** A fault as it is stored. A report of an earlier release may have a code that is no longer used. */
type ReportedFault = Omit<FileFault, 'code'> & { readonly code: string };

export type ReportSummary = Omit<ImportReport, 'licenses'>;

/** The members that do not change during an import. */
const begun = {
  importId: z.string(),
  tenant: z.string(),
  key: z.string(),
  versionId: z.exactOptional(z.string()),
  /** Empty if the upload was gone. */
  uploadedAt: z.string(),
  /** A hash that stands for the uploader, or the pseudonym of an erased one. */
  uploadedBy: z.exactOptional(z.string()),
  receivedAt: z.string(),
  issued: z.exactOptional(z.string()),
  sameAs: z.exactOptional(z.string()),
  ignored: z.array(z.string()),
};

export const countsShape = z.object({
  added: z.number(),
  termChanged: z.number(),
  unchanged: z.number(),
  stale: z.number(),
  conflict: z.number(),
  deletedBefore: z.number(),
});

export const faultShape = z.object({ code: z.string(), place: z.string(), text: z.string() });

const running = z.object({
  ...begun,
  status: z.literal('running'),
  issued: z.string(),
  folderId: z.string(),
  /** How many licenses the file has. */
  licenses: z.exactOptional(z.number()),
  /** The licenses that were done when this was noted, by their outcome. */
  progress: z.exactOptional(z.object({ done: z.number(), counts: countsShape })),
});

const finished = z.object({
  ...begun,
  status: z.enum(REPORT_STATUSES),
  finishedAt: z.string(),
  counts: countsShape,
  faults: z.array(faultShape),
});

/** An accepted import that is running or was interrupted. A retry finishes it (R7). */
export type RunningImport = z.infer<typeof running>;

/** The stored head of a report. The licenses are in pages beside it. */
export type FinishedImport = z.infer<typeof finished>;

export type StoredImport = RunningImport | FinishedImport;

const stored = z.discriminatedUnion('status', [running, finished]);

/** Sorted among the tenant's imports by the time at which they began. */
export function importItem(value: StoredImport): Item {
  const { tenant, importId, receivedAt } = value;
  const listed = { tenantKey: partitions.importsOfTenant(tenant), tenantSort: `${receivedAt}#${importId}` };
  return { ...value, ...importKey(tenant, importId), ...listed };
}

export function importOf(item: Item): StoredImport {
  return stored.parse(item);
}

export function isRunning(value: StoredImport): value is RunningImport {
  return value.status === 'running';
}

/** The outcomes of consecutive licenses of the file, by their position in the page. */
export type Page = { readonly rows: Readonly<Record<string, LicenseOutcome>> };

const page = z.object({
  rows: z.record(
    z.string(),
    z.object({
      serialNumber: z.string(),
      outcome: z.enum(IMPORT_OUTCOMES),
      detail: z.exactOptional(z.string()),
    }),
  ),
});

export function pageItem(tenantId: string, importId: string, index: number, value: Page): Item {
  return { ...value, ...importPageKey(tenantId, importId, index) };
}

export function pageOf(item: Item): Page {
  return page.parse(item);
}

/** Returns the outcomes of a page in the order of the file. */
export function outcomesOf({ rows }: Page): readonly LicenseOutcome[] {
  return Object.entries(rows)
    .toSorted(([one], [other]) => Number(one) - Number(other))
    .map(([, outcome]) => outcome);
}

export function countsOf(outcomes: readonly LicenseOutcome[]): Counts {
  const counts = { added: 0, termChanged: 0, unchanged: 0, stale: 0, conflict: 0, deletedBefore: 0 };
  for (const { outcome } of outcomes) counts[COUNT_NAMES[outcome]] += 1;
  return counts;
}

/** Returns a running import as the API shows it. `counts` may be somewhat behind. */
export function runningView(value: RunningImport) {
  const { importId, tenant, key, uploadedBy, receivedAt, status, issued, licenses, progress } = value;
  const counts = progress?.counts ?? countsOf([]);
  return defined({ importId, tenant, key, uploadedBy, receivedAt, status, issued, licenses, counts });
}

export function summaryOf(value: FinishedImport): ReportSummary {
  const { importId, tenant, key, receivedAt, finishedAt, status, counts, ignored, faults } = value;
  return defined({
    importId,
    tenant,
    key,
    versionId: value.versionId,
    uploadedBy: value.uploadedBy,
    receivedAt,
    finishedAt,
    status,
    issued: value.issued,
    sameAs: value.sameAs,
    counts,
    ignored,
    faults,
  });
}
