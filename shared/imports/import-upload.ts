import { createHash } from 'node:crypto';
import type { FileFault } from '../license-file/faults.ts';
import { absent, any, atMost, equal } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import type { FileRow, LicenseOutcome } from '../licensing/license/import-plan.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { reportObjectKey } from '../licensing/tenant/upload-key.ts';
import { type FoundObject, ObjectUnreadable } from '../platform/ports/objects.ts';
import type { Table } from '../platform/ports/table.ts';
import { untilAnswered } from '../platform/retry.ts';
import { contentKey, importKey } from '../store/keys.ts';
import { announceReport } from './announce-report.ts';
import type { ImportDeps } from './deps.ts';
import { IMPORT_PATIENCE } from './pace.ts';
import { firstImportOf, readImport } from './read-report.ts';
import {
  type AcceptedUpload,
  type RejectedUpload,
  readAgain,
  readFound,
  rejected,
  type UploadReading,
} from './read-upload.ts';
import {
  countsOf,
  type FinishedImport,
  importItem,
  importOf,
  isRunning,
  type ReportSummary,
  type RunningImport,
  type StoredImport,
  summaryOf,
} from './report.ts';
import { unreadableFault } from './unreadable-upload.ts';
import { type Uploader, uploaderOf, uploaderWrites } from './uploader.ts';
import { writePages } from './write-pages.ts';

export type ImportRequest = {
  readonly tenant: string;
  readonly key: string;
  /** The exact upload: its version, or the entity tag of the event. Without both, the present object. */
  readonly versionId?: string;
  readonly etag?: string;
  /** The renewal for which new licenses are held back (R36). */
  readonly heldBackFor?: string;
  /** The fault of the upload's key. With a fault, the upload is rejected without being read. */
  readonly fault?: FileFault | undefined;
  /** Whether a missing permission may still be granted. Then the error is thrown, so that the event is retried. */
  readonly mayPass?: boolean;
};

/** The report without its licenses, which `readReport` returns. */
export type ImportAnswer = ReportSummary;

/**
 * Imports one upload and reports on it (R1–R8). It is idempotent: the same upload gets the same report, and nothing is
 * written twice. An interrupted import continues where it stopped. Everything that is wrong with an upload becomes a
 * report. Only temporary errors are thrown: `TryAgain`, or those of the SDK.
 */
export async function importUpload(deps: ImportDeps, request: ImportRequest): Promise<ImportAnswer> {
  const { versionId, etag } = request;
  const head = await readable(request, () => deps.objects.head(defined({ key: request.key, versionId })));
  const present = head.kind === 'read' ? head.value : undefined;
  const found = etag === undefined || etag === present?.etag ? present : undefined;
  const fault = request.fault ?? (head.kind === 'unreadable' ? head.fault : undefined);
  const importId = importIdOf(request, found);

  const tenant = await deps.readTenant(request.tenant);
  if (tenant === undefined) return reportUnknownTenant(deps, request, importId, found);
  const known = await readImport(deps.table, request.tenant, importId);
  const { begun, licenses } =
    known === undefined
      ? await startImport(deps, tenant, { ...request, fault }, importId, found)
      : { begun: known, licenses: undefined };
  const finished = isRunning(begun)
    ? await resumeImport(deps, tenant, begun, request, licenses ?? (await licensesAgain(deps, found)))
    : begun;
  await announceReport(deps, finished);
  return summaryOf(finished);
}

/** Returns undefined when the upload is gone. */
async function licensesAgain(
  deps: ImportDeps,
  found: FoundObject | undefined,
): Promise<readonly FileRow[] | undefined> {
  return found === undefined ? undefined : (await readAgain(deps, found))?.licenses;
}

/**
 * Returns one id for one upload, however often its event arrives. In a bucket without versions, the time distinguishes
 * two uploads of the same bytes. The import of a renewal has an id of its own, because it holds licenses back.
 */
function importIdOf({ tenant, key, versionId, etag, heldBackFor }: ImportRequest, found: FoundObject | undefined) {
  const present = found === undefined ? `gone ${etag}` : (found.versionId ?? `${found.etag} ${found.uploadedAt}`);
  const parts = [tenant, key, versionId ?? present, heldBackFor ?? ''];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
}

async function startImport(
  deps: ImportDeps,
  tenant: Tenant,
  request: ImportRequest,
  importId: string,
  found: FoundObject | undefined,
): Promise<{ readonly begun: StoredImport; readonly licenses?: readonly FileRow[] }> {
  const receivedAt = deps.clock.now();
  const reading = await readUploadOf(deps, tenant, request, found);
  const version = request.versionId ?? found?.versionId;
  const uploader = found === undefined ? undefined : await uploaderOf(deps, request.tenant, found);
  const first: First = defined({
    importId,
    tenant: request.tenant,
    key: request.key,
    versionId: version,
    uploadedAt: reading.kind === 'gone' ? '' : (found?.uploadedAt ?? ''),
    receivedAt,
    ...(uploader === undefined ? {} : { uploadedBy: uploader.uploadedBy }),
  });
  switch (reading.kind) {
    case 'accepted': {
      const { upload } = reading;
      return { begun: await accept(deps, first, uploader, upload), licenses: upload.licenses };
    }
    case 'rejected':
      return { begun: await reject(deps, first, uploader, reading.upload) };
    case 'gone':
      return { begun: await reject(deps, first, uploader, GONE_REPORT) };
  }
}

async function readUploadOf(
  deps: ImportDeps,
  tenant: Tenant,
  request: ImportRequest,
  found: FoundObject | undefined,
): Promise<UploadReading> {
  if (request.fault !== undefined) return rejected([request.fault]);
  if (found === undefined) return { kind: 'gone' };
  const reading = await readable(request, () => readFound(deps, tenant, found));
  return reading.kind === 'unreadable' ? rejected([reading.fault]) : reading.value;
}

/** Returns what was read, or the fault of an object that the store does not give out. */
async function readable<Read>(
  { mayPass = false }: ImportRequest,
  read: () => Promise<Read>,
): Promise<
  { readonly kind: 'read'; readonly value: Read } | { readonly kind: 'unreadable'; readonly fault: FileFault }
> {
  try {
    return { kind: 'read', value: await read() };
  } catch (error) {
    if (!(error instanceof ObjectUnreadable) || (error.reason === 'denied' && mayPass)) throw error;
    return { kind: 'unreadable', fault: unreadableFault(error.reason) };
  }
}

const GONE_REPORT: RejectedUpload = {
  faults: [
    {
      code: 'upload-gone',
      place: 'file',
      // Without versions, an earlier interrupted import cannot be found again, because its time is gone with the
      // object.
      text: 'The upload was deleted or overwritten before it was read completely. If its import was interrupted before that, only some of its licenses were imported. If you still want to import the file, upload it again. Licenses that were imported already do not change.',
    },
  ],
  ignored: [],
};

type First = Pick<
  StoredImport,
  'importId' | 'tenant' | 'key' | 'versionId' | 'uploadedAt' | 'uploadedBy' | 'receivedAt'
>;

/** Stores that the file is accepted, and whether the same bytes were imported before. All later attempts use this. */
function accept(
  deps: ImportDeps,
  first: First,
  uploader: Uploader | undefined,
  upload: AcceptedUpload,
): Promise<StoredImport> {
  const { table } = deps;
  const { issued, ignored, folderId } = upload;
  const content = contentKey(first.tenant, upload.sha256);
  return untilAnswered(
    deps,
    async () => {
      const [own, sameBytes] = await table.getMany([importKey(first.tenant, first.importId), content]);
      if (own !== undefined) return importOf(own);
      const sameAs = firstImportOf(sameBytes);
      const running: RunningImport = {
        ...first,
        status: 'running',
        issued,
        ...defined({ sameAs }),
        folderId,
        licenses: upload.licenses.length,
        ignored: Array.from(ignored),
      };
      const putContent = { put: { ...content, importId: first.importId }, onlyIf: [absent('pk')] };
      const answer = await table.write([
        { put: importItem(running), onlyIf: [absent('pk')] },
        ...(sameBytes === undefined ? [putContent] : []),
        ...(await uploaderWrites(table, first.tenant, uploader)),
      ]);
      return answer.done ? running : undefined;
    },
    IMPORT_PATIENCE,
  );
}

function reject(
  deps: ImportDeps,
  first: First,
  uploader: Uploader | undefined,
  { faults, ignored, issued }: RejectedUpload,
): Promise<StoredImport> {
  const { table, clock, log } = deps;
  return untilAnswered(
    deps,
    async () => {
      const own = await readImport(table, first.tenant, first.importId);
      if (own !== undefined) return own;
      const finished: FinishedImport = defined({
        ...first,
        status: 'rejected',
        finishedAt: clock.now(),
        issued,
        counts: countsOf([]),
        ignored: Array.from(ignored),
        faults: Array.from(faults),
      });
      const answer = await table.write([
        { put: importItem(finished), onlyIf: [absent('pk')] },
        ...(await uploaderWrites(table, first.tenant, uploader)),
      ]);
      if (!answer.done) return undefined;
      const { tenant, importId } = first;
      const reason = faults[0]?.code;
      const code = reason === 'upload-gone' ? reason : 'import-rejected';
      log(code, { tenant, importId, because: reason, faults: faults.length });
      return finished;
    },
    IMPORT_PATIENCE,
  );
}

/** Writes the licenses that are not written yet, and closes the report. */
async function resumeImport(
  deps: ImportDeps,
  tenant: Tenant,
  running: RunningImport,
  { heldBackFor }: ImportRequest,
  licenses: readonly FileRow[] | undefined,
): Promise<FinishedImport> {
  const { table, clock, log } = deps;
  const { status: _, folderId, licenses: __, progress: ___, ...begun } = running;
  const { importId, issued } = running;
  const by = { tenant: tenant.tenantId, importId, issued, folderId };
  const outcomes = await writePages(
    deps,
    heldBackFor === undefined ? by : { ...by, heldBackFor },
    tenant.settings.timeZone,
    licenses ?? [],
    (done) => noteDone(table, running, done),
  );
  const counts = countsOf(outcomes);
  return untilAnswered(
    deps,
    async () => {
      const finished: FinishedImport = {
        ...begun,
        status: 'accepted',
        finishedAt: clock.now(),
        counts,
        faults: licenses === undefined ? [incompleteFault(outcomes.length)] : [],
      };
      const answer = await table.write([{ put: importItem(finished), onlyIf: [equal('status', 'running')] }]);
      if (answer.done) {
        log('import-finished', { tenant: tenant.tenantId, importId, ...counts });
        return finished;
      }
      const other = await readImport(table, tenant.tenantId, importId);
      return other === undefined || isRunning(other) ? undefined : other;
    },
    IMPORT_PATIENCE,
  );
}

/** Notes how far an import has come, unless it is finished or another attempt has come further. */
function noteDone(table: Table, { tenant, importId }: RunningImport, outcomes: readonly LicenseOutcome[]) {
  const done = outcomes.length;
  return table.write([
    {
      update: importKey(tenant, importId),
      set: [['progress', { done, counts: countsOf(outcomes) }]],
      onlyIf: [equal('status', 'running'), any(absent('progress'), atMost(['progress', 'done'], done))],
    },
  ]);
}

/**
 * Returns the fault of an accepted file that was deleted for good between an interrupted import and its retry. The
 * remaining licenses are lost.
 */
function incompleteFault(done: number): FileFault {
  const text =
    done === 0
      ? 'The upload was deleted before any of its licenses was imported. Upload the file again.'
      : `The upload was deleted during its import. Of the file, only the licenses listed here were processed (${done}). Upload the file again. Licenses that were imported already do not change.`;
  return { code: 'upload-gone', place: 'file', text };
}

/** Reports an upload of an unknown tenant beside the upload. Writes nothing to the table. */
async function reportUnknownTenant(
  { objects, clock, log }: ImportDeps,
  { tenant, key }: ImportRequest,
  importId: string,
  found: FoundObject | undefined,
): Promise<ImportAnswer> {
  const now = clock.now();
  const text = 'The tenant of this key is unknown. Upload the file again after the tenant is set up.';
  const summary: ImportAnswer = {
    importId,
    tenant,
    key,
    ...(found?.versionId === undefined ? {} : { versionId: found.versionId }),
    receivedAt: now,
    finishedAt: now,
    status: 'rejected',
    counts: countsOf([]),
    ignored: [],
    faults: [{ code: 'unknown-tenant', place: 'key', text }],
  };
  log('import-rejected', { tenant, importId, because: 'unknown-tenant', faults: 1 });
  if (found !== undefined) {
    await objects.put(reportObjectKey(key), JSON.stringify({ ...summary, licenses: [] }, undefined, 1), {});
  }
  return summary;
}
