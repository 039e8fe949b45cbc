import type { UploadArea } from '../vocabulary.ts';
/** Where an upload lies: imported at once, or waiting for a renewal (R1). */
export type UploadKey = {
  readonly tenant: string;
  readonly area: UploadArea;
  /** The object's key as it is, not as events write it. */
  readonly key: string;
  /** The last part of the key. */
  readonly name: string;
};

export type NoUpload = { readonly ignored: 'unreadable-key' | 'folder-marker' | 'report' | 'no-upload' };

/** What the service puts beside each upload. */
const REPORT = '.report.json';

/** Accepts a file's name; `.` and `..` are steps in a path, not names. */
const UPLOAD = /^tenants\/([a-z0-9-]{1,40})\/(uploads|renewals)\/((?!\.{1,2}$)[^/]{1,200})$/;

/** The key of the report beside an upload. */
export function reportObjectKey(key: string): string {
  return `${key}${REPORT}`;
}

/** Where an upload of this name lies. */
export function keyOfUpload({ tenant, area, name }: Pick<UploadKey, 'tenant' | 'area' | 'name'>): string {
  return `tenants/${tenant}/${area}/${name}`;
}

/** The upload that an S3 event's key names: percent-encoded there, with `+` for a blank; decoded once (F17). */
export function uploadOfEvent(encoded: string): UploadKey | NoUpload {
  try {
    return uploadOf(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch {
    return { ignored: 'unreadable-key' };
  }
}

/** Reads which upload a key names. Keys that are not uploads (reports, folder markers) are ignored. */
export function uploadOf(key: string): UploadKey | NoUpload {
  if (key.endsWith(REPORT)) return { ignored: 'report' };
  if (key.endsWith('/')) return { ignored: 'folder-marker' };
  const [, tenant, area, name] = UPLOAD.exec(key) ?? [];
  if (tenant === undefined || name === undefined) return { ignored: 'no-upload' };
  return { tenant, area: area === 'renewals' ? 'renewals' : 'uploads', key, name };
}
