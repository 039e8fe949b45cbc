import { createHash } from 'node:crypto';
import { type FileFault, quote } from '../license-file/faults.ts';
import { LIMITS } from '../license-file/format.ts';
import { type LicenseFileReading, readLicenseFile } from '../license-file/read-license-file.ts';
import { defined } from '../licensing/defined.ts';
import { folderAt, folderLike, Z_OLD } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Clock } from '../platform/clock.ts';
import { type FoundObject, type Objects, ObjectUnreadable } from '../platform/ports/objects.ts';
import { issueDateFault } from './issue-date.ts';
import { metadataText } from './metadata-text.ts';
import { unreadableFault } from './unreadable-upload.ts';

type AcceptedFile = Extract<LicenseFileReading, { verdict: 'accept' }>;

export type AcceptedUpload = AcceptedFile & {
  readonly versionId?: string;
  readonly etag: string;
  /** The hash of the upload's bytes, in hexadecimal. */
  readonly sha256: string;
  /** The folder of new licenses. */
  readonly folderId: string;
};

export type RejectedUpload = {
  readonly faults: readonly FileFault[];
  readonly ignored: readonly string[];
  /** Present if the file could be understood. */
  readonly issued?: string;
};

export type UploadReading =
  | { readonly kind: 'accepted'; readonly upload: AcceptedUpload }
  | { readonly kind: 'rejected'; readonly upload: RejectedUpload }
  /** The object was deleted, or overwritten by another upload. */
  | { readonly kind: 'gone' };

type ReadUploadDeps = { readonly objects: Objects; readonly clock: Clock };

/** How many of the tenant's customers a fault names. */
const NAMED = 5;

/**
 * Reads an upload and judges it for the tenant: its size before its bytes are read, the file itself, its signature, its
 * customer (R10), and the folder in its metadata (R2). Writes nothing. With `exact`, it reads that version, or those
 * bytes.
 */
export async function readUpload(
  deps: ReadUploadDeps,
  tenant: Tenant,
  key: string,
  exact: { readonly versionId?: string; readonly etag?: string } = {},
): Promise<UploadReading> {
  const { versionId, etag } = exact;
  try {
    const found = await deps.objects.head(defined({ key, versionId }));
    if (found === undefined || (etag !== undefined && etag !== found.etag)) return { kind: 'gone' };
    return await readFound(deps, tenant, found);
  } catch (error) {
    if (!(error instanceof ObjectUnreadable)) throw error;
    return rejected([unreadableFault(error.reason)]);
  }
}

export async function readFound(
  { objects, clock }: ReadUploadDeps,
  { tenantId, settings, folders }: Tenant,
  found: FoundObject,
): Promise<UploadReading> {
  if (found.size > LIMITS.fileBytes) return tooBig(found.size);
  const bytes = await objects.get(found, LIMITS.fileBytes);
  if (bytes === undefined) return { kind: 'gone' };

  const { folder, signature } = found.metadata;
  const publicKeys = new Map(Object.entries(settings.publicKeys));
  const authenticity = defined({ tenant: tenantId, publicKeys, signature });
  const reading = await readLicenseFile(bytes, fileName(found.key), authenticity);
  if (reading.verdict !== 'accept') return rejected(reading.faults, reading.ignored);

  const faults: FileFault[] = [];
  if (!settings.customers.includes(reading.customer)) {
    const accepted = settings.customers.slice(0, NAMED).map(quote).join(', ');
    const text = `The file is for the customer ${quote(reading.customer)}. Files are accepted here for ${accepted}.`;
    faults.push({ code: 'other-customer', place: 'licenses, customer', text });
  }
  const inFuture = issueDateFault(reading.issued, clock.now());
  if (inFuture !== undefined) faults.push(inFuture);
  const path = metadataText(folder ?? '');
  const folderId = folderAt(folders, path);
  if (folderId === undefined || folderId === Z_OLD) {
    const like = folderLike(folders, path);
    const missing = like === undefined ? 'does not exist' : `does not exist. It looks like the folder ${quote(like)}`;
    const reason = folderId === Z_OLD ? 'takes no imported licenses' : missing;
    const text = `The folder ${quote(path)} ${reason}. Name an existing folder in the metadata, or none for the root.`;
    faults.push({ code: 'unknown-folder', place: 'metadata, folder', text });
  }
  if (folderId === undefined || faults.length > 0) {
    return { kind: 'rejected', upload: { faults, ignored: reading.ignored, issued: reading.issued } };
  }
  const version = found.versionId === undefined ? {} : { versionId: found.versionId };
  const upload = { ...reading, ...version, etag: found.etag, sha256: sha256(bytes), folderId };
  return { kind: 'accepted', upload };
}

export function rejected(faults: readonly FileFault[], ignored: readonly string[] = []): UploadReading {
  return { kind: 'rejected', upload: { faults, ignored } };
}

/** Reads the licenses of an upload that was accepted before. Returns undefined when it is gone. */
export async function readAgain(
  { objects }: { readonly objects: Objects },
  found: FoundObject,
): Promise<AcceptedFile | undefined> {
  const bytes = await objects.get(found, LIMITS.fileBytes);
  if (bytes === undefined) return undefined;
  const reading = await readLicenseFile(bytes, fileName(found.key));
  if (reading.verdict !== 'accept') throw new Error('an accepted upload cannot be read again');
  return reading;
}

function tooBig(size: number): UploadReading {
  const text = `The file is ${size} bytes; ${LIMITS.fileBytes} are allowed.`;
  return rejected([{ code: 'file-too-big', place: 'file', text }]);
}

function fileName(key: string): string {
  return key.split('/').at(-1) ?? key;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
