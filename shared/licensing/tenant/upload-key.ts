import type { FormArea, UploadArea } from '../vocabulary.ts';

/** Where an upload is: imported at once, or waiting for a renewal (R1). */
export type UploadKey = {
  readonly tenant: string;
  readonly area: UploadArea;
  /** The object's key, decoded. Events contain it percent-encoded. */
  readonly key: string;
  /** The last part of the key. */
  readonly name: string;
};

/** An object in one of the areas under a key that cannot be imported. It gets a report that says so. */
export type MisplacedUpload = Pick<UploadKey, 'tenant' | 'area' | 'key'> & {
  readonly misplaced: 'in-subfolder' | 'name-too-long';
};

export type NoUpload = { readonly ignored: 'unreadable-key' | 'folder-marker' | 'report' | 'no-upload' };

/** The end of the name of the report that the service puts beside each upload. */
const REPORT = '.report.json';

const UPLOAD = /^tenants\/([a-z0-9-]{1,40})\/(uploads|renewals)\/(.+)$/su;

/** The most characters of a name. */
const LONGEST_NAME = 200;

/** The most bytes of a key in S3. */
const LONGEST_KEY = 1_024;

/** Returns the key of the report beside an upload. Of a key that is too long for that, the end is left out. */
export function reportObjectKey(key: string): string {
  const { read } = new TextEncoder().encodeInto(key, new Uint8Array(LONGEST_KEY - REPORT.length));
  return `${key.slice(0, read)}${REPORT}`;
}

/**
 * Returns the object key of an upload with this name. Files for previews are outside of `tenants/`: the bucket reports
 * no event for them, and deletes them after a day.
 */
export function keyOfUpload({
  tenant,
  area,
  name,
}: Pick<UploadKey, 'tenant' | 'name'> & { readonly area: FormArea }): string {
  return area === 'previews' ? `${previewsOf(tenant)}${name}` : `tenants/${tenant}/${area}/${name}`;
}

/** Returns whether an upload may have this name: not a path, and not the name of a report. */
export function isUploadName(name: string): boolean {
  return 'name' in uploadOf(`tenants/any/uploads/${name}`);
}

/** Returns whether a key can be that of a file which the tenant has uploaded, in any area. */
export function isUploadOf(tenant: string, key: string): boolean {
  const previews = previewsOf(tenant);
  if (key.startsWith(previews)) return isUploadName(key.slice(previews.length));
  const upload = uploadOf(key);
  return 'name' in upload && upload.tenant === tenant;
}

function previewsOf(tenant: string): string {
  return `previews/${tenant}/`;
}

/**
 * Returns the upload that the key in an S3 event names. The key is percent-encoded, with `+` for a blank, and is
 * decoded exactly once (F17).
 */
export function uploadOfEvent(encoded: string): UploadKey | MisplacedUpload | NoUpload {
  try {
    return uploadOf(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch {
    return { ignored: 'unreadable-key' };
  }
}

/**
 * Returns the upload under a key. Keys outside of the areas, with steps of a path in them (`.`, `..`), reports and
 * folder markers are ignored, with the reason. In the areas, an upload lies directly under the area.
 */
export function uploadOf(key: string): UploadKey | MisplacedUpload | NoUpload {
  if (key.endsWith(REPORT)) return { ignored: 'report' };
  if (key.endsWith('/')) return { ignored: 'folder-marker' };
  const [, tenant, found, name] = UPLOAD.exec(key) ?? [];
  const isPath = name?.split('/').some((part) => part === '.' || part === '..');
  if (tenant === undefined || name === undefined || isPath) return { ignored: 'no-upload' };
  const area = found === 'renewals' ? 'renewals' : 'uploads';
  const misplaced = whyMisplaced(name);
  return misplaced === undefined ? { tenant, area, key, name } : { tenant, area, key, misplaced };
}

function whyMisplaced(name: string): MisplacedUpload['misplaced'] | undefined {
  if (name.includes('/')) return 'in-subfolder';
  return name.length > LONGEST_NAME ? 'name-too-long' : undefined;
}
