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

/** A file that an import accepts. */
export type JudgedFile = AcceptedFile & {
  /** The hash of the file's bytes, in hexadecimal. */
  readonly sha256: string;
  /** The folder of new licenses. */
  readonly folderId: string;
};

export type AcceptedUpload = JudgedFile & { readonly versionId?: string; readonly etag: string };

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

/** A license file, and what an uploader may say beside it. */
export type GivenFile = {
  /** The last part of the key. Its ending shows whether the file is XML or a zip. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly metadata: Readonly<Record<string, string>>;
};

export type FileJudgment =
  | { readonly kind: 'accepted'; readonly file: JudgedFile }
  | { readonly kind: 'rejected'; readonly upload: RejectedUpload };

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
  tenant: Tenant,
  found: FoundObject,
): Promise<UploadReading> {
  if (found.size > LIMITS.fileBytes) return tooBig(found.size);
  const bytes = await objects.get(found, LIMITS.fileBytes);
  if (bytes === undefined) return { kind: 'gone' };
  const { metadata, versionId, etag } = found;
  const judgment = await judgeFile({ clock }, tenant, { name: fileName(found.key), bytes, metadata });
  if (judgment.kind === 'rejected') return judgment;
  return { kind: 'accepted', upload: { ...judgment.file, ...defined({ versionId }), etag } };
}

/**
 * Judges a file for the tenant: the file itself, its signature, its customer (R10), its issue date (R4), and the folder
 * that is named beside it (R2). An import and its preview both judge by this.
 */
export async function judgeFile(
  { clock }: Pick<ReadUploadDeps, 'clock'>,
  { tenantId, settings, folders }: Tenant,
  { name, bytes, metadata }: GivenFile,
): Promise<FileJudgment> {
  const { folder, signature } = metadata;
  const publicKeys = new Map(Object.entries(settings.publicKeys));
  const authenticity = defined({ tenant: tenantId, publicKeys, signature });
  const reading = await readLicenseFile(bytes, name, authenticity);
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
  return { kind: 'accepted', file: { ...reading, sha256: sha256(bytes), folderId } };
}

export function rejected(
  faults: readonly FileFault[],
  ignored: readonly string[] = [],
): Extract<FileJudgment, { readonly kind: 'rejected' }> {
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
