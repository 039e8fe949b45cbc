import type { UploadArea } from '../vocabulary.ts';
/** Where an upload is: imported at once, or waiting for a renewal (R1). */
export type UploadKey = {
  readonly tenant: string;
  readonly area: UploadArea;
  /** The object's key, decoded. Events contain it percent-encoded. */
  readonly key: string;
  /** The last part of the key. */
  readonly name: string;
};

export type NoUpload = { readonly ignored: 'unreadable-key' | 'folder-marker' | 'report' | 'no-upload' };

/** The end of the name of the report that the service puts beside each upload. */
const REPORT = '.report.json';

/** A name cannot be `.` or `..`, which are steps in a path. */
const UPLOAD = /^tenants\/([a-z0-9-]{1,40})\/(uploads|renewals)\/((?!\.{1,2}$)[^/]{1,200})$/;

/** Returns the key of the report beside an upload. */
export function reportObjectKey(key: string): string {
  return `${key}${REPORT}`;
}

/** Returns the object key of an upload with this name. */
export function keyOfUpload({ tenant, area, name }: Pick<UploadKey, 'tenant' | 'area' | 'name'>): string {
  return `tenants/${tenant}/${area}/${name}`;
}

/**
 * Returns the upload that the key in an S3 event names. The key is percent-encoded, with `+` for a blank, and is
 * decoded exactly once (F17).
 */
export function uploadOfEvent(encoded: string): UploadKey | NoUpload {
  try {
    return uploadOf(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch {
    return { ignored: 'unreadable-key' };
  }
}

/** Returns the upload under a key. Keys that are not uploads (reports, folder markers) are ignored, with the reason. */
export function uploadOf(key: string): UploadKey | NoUpload {
  if (key.endsWith(REPORT)) return { ignored: 'report' };
  if (key.endsWith('/')) return { ignored: 'folder-marker' };
  const [, tenant, area, name] = UPLOAD.exec(key) ?? [];
  if (tenant === undefined || name === undefined) return { ignored: 'no-upload' };
  return { tenant, area: area === 'renewals' ? 'renewals' : 'uploads', key, name };
}
