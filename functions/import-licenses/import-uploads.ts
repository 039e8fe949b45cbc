import * as z from 'zod/mini';
import type { ImportDeps } from '../../shared/imports/deps.ts';
import { type ImportRequest, importUpload } from '../../shared/imports/import-upload.ts';
import { misplacedFault } from '../../shared/imports/unreadable-upload.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { uploadOfEvent } from '../../shared/licensing/tenant/upload-key.ts';
import { MINUTE, plus } from '../../shared/licensing/time.ts';
import type { ReportStatus } from '../../shared/licensing/vocabulary.ts';

export type UploadAnswer = { readonly importId: string; readonly status: ReportStatus } | { readonly ignored: string };

export const s3Event = z.object({ Records: z.array(z.unknown()) });

const record = z.object({
  eventName: z.string(),
  eventTime: z.optional(z.string()),
  s3: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), versionId: z.optional(z.string()), eTag: z.optional(z.string()) }),
  }),
});

/**
 * Imports the uploads that an S3 event names. Each record is handled on its own; other objects are ignored. A temporary
 * fault is thrown only after every record was tried; a repeated delivery changes nothing for the records that were done
 * (F59).
 */
export async function importUploads(
  deps: ImportDeps,
  bucket: string,
  input: unknown,
): Promise<{ readonly uploads: readonly UploadAnswer[] }> {
  const read = s3Event.safeParse(input);
  if (!read.success) return { uploads: [ignoreUpload(deps, { ignored: 'no-records' })] };
  const uploads: UploadAnswer[] = [];
  const failures: unknown[] = [];
  for (const one of read.data.Records) {
    try {
      uploads.push(await importOne(deps, bucket, one));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { uploads };
}

async function importOne(deps: ImportDeps, bucket: string, input: unknown): Promise<UploadAnswer> {
  const upload = uploadOfRecord(bucket, input);
  if ('ignored' in upload) return ignoreUpload(deps, upload);
  const { eventTime, ...named } = upload;
  const mayPass = eventTime !== undefined && deps.clock.now() < plus(eventTime, MAY_PASS);
  const { importId, status } = await importUpload(deps, { ...named, mayPass });
  return { importId, status };
}

type NamedUpload = Pick<ImportRequest, 'tenant' | 'key' | 'versionId' | 'etag' | 'fault'> & {
  readonly eventTime?: string;
};
type IgnoredRecord = { readonly ignored: string; readonly tenant?: string };

/** Returns the upload that a record of an S3 event names, or the reason why the record is ignored. */
export function uploadOfRecord(bucket: string, input: unknown): NamedUpload | IgnoredRecord {
  const read = record.safeParse(input);
  if (!read.success) return { ignored: 'unreadable-record' };
  const { eventName, eventTime, s3 } = read.data;
  if (!/^(s3:)?ObjectCreated:/.test(eventName)) return { ignored: 'no-creation' };
  if (s3.bucket.name !== bucket) return { ignored: 'other-bucket' };
  const upload = uploadOfEvent(s3.object.key);
  if ('ignored' in upload) return { ignored: upload.ignored };
  const { tenant, area, key } = upload;
  const fault = 'misplaced' in upload ? misplacedFault(upload) : undefined;
  if (fault === undefined && area === 'renewals') return { ignored: 'waits-for-renewal', tenant };
  const { versionId, eTag: etag } = s3.object;
  return defined({ tenant, key, versionId, etag, fault, eventTime });
}

/**
 * How long after an upload a missing permission is waited for, in milliseconds. A failed upload is tried again after
 * one minute and again after two, so the last try is later than this and leaves a report.
 */
const MAY_PASS = 2 * MINUTE;

export function ignoreUpload({ log }: Pick<ImportDeps, 'log'>, { ignored, tenant }: IgnoredRecord): UploadAnswer {
  log('upload-ignored', { because: ignored, tenant });
  return { ignored };
}
