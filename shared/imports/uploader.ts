import * as z from 'zod/mini';
import type { FoundObject } from '../platform/ports/objects.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { providerId } from '../platform/validation.ts';
import { type Erasure, readErasures } from '../store/erasures.ts';
import { personNameKey } from '../store/keys.ts';
import { nameWrite, personHash, readNames } from '../store/named-people.ts';
import type { ImportDeps } from './deps.ts';
import { metadataText } from './metadata-text.ts';
import type { StoredImport } from './report.ts';

/** The metadata of an upload that name its uploader. They are signed in a form, and stored beside a pasted text. */
export const UPLOADED_BY = 'uploaded-by';

/** The uploader of a file: the hash in the import, and the person's name, unless the hash is a pseudonym already. */
export type Uploader = { readonly uploadedBy: string; readonly name?: string };

/**
 * Returns undefined when the metadata name nobody, or an impossible user. If the person was erased after the upload,
 * the pseudonym is used, however long the upload waited for its import.
 */
export async function uploaderOf(
  deps: Pick<ImportDeps, 'table' | 'keyedHash'>,
  tenantId: string,
  { metadata, uploadedAt }: FoundObject,
): Promise<Uploader | undefined> {
  const reading = z.safeParse(providerId, metadataText(metadata[UPLOADED_BY] ?? ''));
  if (!reading.success) return undefined;
  const name = reading.data;
  const [mark] = await readErasures(deps, tenantId, [name]);
  const erased: Erasure | undefined = mark?.found;
  if (erased !== undefined && uploadedAt <= erased.erasedAt) return { uploadedBy: erased.pseudonym };
  return { uploadedBy: await personHash(deps.keyedHash, tenantId, name, erased), name };
}

/**
 * Returns the writes that store the uploader's name, for the transaction that begins the import. After a concurrent
 * erasure the pseudonym is stored already, and nothing is left to write.
 */
export async function uploaderWrites(
  table: Table,
  tenantId: string,
  uploader: Uploader | undefined,
): Promise<readonly Write[]> {
  if (uploader?.name === undefined) return [];
  const { uploadedBy, name } = uploader;
  const known = await table.get(personNameKey(tenantId, uploadedBy));
  return known === undefined ? [nameWrite(tenantId, uploadedBy, name)] : [];
}

/** Returns imports with the names of their uploaders, or the pseudonyms of erased ones. */
export async function withUploaders<Import extends Pick<StoredImport, 'uploadedBy'>>(
  table: Table,
  tenantId: string,
  imports: readonly Import[],
): Promise<readonly Import[]> {
  const names = await readNames(
    table,
    tenantId,
    imports.flatMap(({ uploadedBy }) => uploadedBy ?? []),
  );
  return imports.map((one) =>
    one.uploadedBy === undefined ? one : { ...one, uploadedBy: names.get(one.uploadedBy) ?? one.uploadedBy },
  );
}
