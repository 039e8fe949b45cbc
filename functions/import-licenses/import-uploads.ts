import * as z from 'zod/mini';
import type { ImportDeps } from '../../shared/imports/deps.ts';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { misplacedFault } from '../../shared/imports/unreadable-upload.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { uploadOfEvent } from '../../shared/licensing/tenant/upload-key.ts';
import { MINUTE, plus } from '../../shared/licensing/time.ts';
import type { ReportStatus } from '../../shared/licensing/vocabulary.ts';

export type UploadAnswer = { readonly importId: string; readonly status: ReportStatus } | { readonly ignored: string };

const event = z.object({ Records: z.array(z.unknown()) });

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
  const read = event.safeParse(input);
  if (!read.success) return { uploads: [ignore(deps, 'no-records')] };
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
  const read = record.safeParse(input);
  if (!read.success) return ignore(deps, 'unreadable-record');
  const { eventName, eventTime, s3 } = read.data;
  if (!/^(s3:)?ObjectCreated:/.test(eventName)) return ignore(deps, 'no-creation');
  if (s3.bucket.name !== bucket) return ignore(deps, 'other-bucket');
  const upload = uploadOfEvent(s3.object.key);
  if ('ignored' in upload) return ignore(deps, upload.ignored);
  const { tenant, area, key } = upload;
  const fault = 'misplaced' in upload ? misplacedFault(upload) : undefined;
  if (fault === undefined && area === 'renewals') return ignore(deps, 'waits-for-renewal', tenant);

  const { versionId, eTag: etag } = s3.object;
  const mayPass = eventTime !== undefined && deps.clock.now() < plus(eventTime, MAY_PASS);
  const { importId, status } = await importUpload(deps, defined({ tenant, key, versionId, etag, fault, mayPass }));
  return { importId, status };
}

/**
 * How long after an upload a missing permission is waited for, in milliseconds. Lambda retries an event after one
 * minute and again after two, so the last try is later than this and leaves a report.
 */
const MAY_PASS = 2 * MINUTE;

function ignore({ log }: ImportDeps, reason: string, tenantId?: string): UploadAnswer {
  log('upload-ignored', { because: reason, tenant: tenantId });
  return { ignored: reason };
}
