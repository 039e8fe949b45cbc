import { metadataValue } from '../imports/metadata-text.ts';
import { readPastedText } from '../imports/pasted-text.ts';
import { importOf, isRunning, runningView, type StoredImport, summaryOf } from '../imports/report.ts';
import { UPLOADED_BY, withUploaders } from '../imports/uploader.ts';
import { LIMITS } from '../license-file/format.ts';
import { defined } from '../licensing/defined.ts';
import { folderAt, Z_OLD } from '../licensing/folder-tree.ts';
import { isUploadName, keyOfUpload } from '../licensing/tenant/upload-key.ts';
import { MINUTE, plus } from '../licensing/time.ts';
import { invalidRequest } from '../platform/validation.ts';
import { partitions } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { readPage } from './pages.ts';
import { isRefusal, type Refusal, refused, unknownFolder } from './refusal.ts';

/** How long a form is valid. It is requested when the file is at hand. */
const VALID_FOR = 10 * MINUTE;

/**
 * Returns a form with which the administrator's browser uploads one license file into the tenant's uploads (R1),
 * renewals or previews. The form allows nothing else, and no file larger than an import reads.
 */
export async function createUpload(deps: TenantContext, request: RequestOf<'create-upload'>) {
  const { tenant, clock } = deps;
  const { area, name } = request;
  const key = keyOfUpload({ tenant: tenant.tenantId, area, name });
  if (!isUploadName(name)) return invalidRequest([{ place: 'name', text: 'must be the name of a file' }]);
  const metadata = metadataOf(deps, request);
  if (isRefusal(metadata)) return metadata;
  const contentType = name.toLowerCase().endsWith('.xml') ? 'application/xml' : 'application/zip';
  const permitted = { key, contentType, metadata, mostBytes: LIMITS.fileBytes, validFor: VALID_FOR / 1_000 };
  const form = await deps.signUploadForm(permitted);
  return { key, ...form, mostBytes: LIMITS.fileBytes, validUntil: plus(clock.now(), VALID_FOR) };
}

/**
 * Stores a license file that is sent as text like an upload, so that it is imported in the usual way. The same text
 * gets the same key.
 */
export async function pasteLicenses(deps: TenantContext, request: RequestOf<'paste-licenses'>) {
  const { objects, tenant } = deps;
  const metadata = metadataOf(deps, request);
  if (isRefusal(metadata)) return metadata;
  const { name, xml } = readPastedText(tenant, request);
  const key = keyOfUpload({ tenant: tenant.tenantId, area: request.area, name });
  await objects.put(key, xml, metadata, 'application/xml; charset=utf-8');
  return { key };
}

/** Lists the tenant's imports, the latest first, including those that are still running. */
export async function listImports({ table, tenant }: TenantContext, request: RequestOf<'list-imports'>) {
  const partition = partitions.importsOfTenant(tenant.tenantId);
  const read = async (keys: Parameters<typeof table.getMany>[0]) => {
    const found = (await table.getMany(keys)).flatMap((item) => (item === undefined ? [] : [importOf(item)]));
    return (await withUploaders(table, tenant.tenantId, found)).map(viewImport);
  };
  const page = await readPage(table, 'by-tenant', partition, request, read, { descending: true });
  if (isRefusal(page)) return page;
  const { entries, ...rest } = page;
  return { imports: entries, ...rest };
}

function viewImport(found: StoredImport) {
  return isRunning(found) ? runningView(found) : summaryOf(found);
}

export type UploadFacts = { readonly actor: string; readonly folder?: string; readonly signature?: string };

/** Returns what an import reads beside the file: the folder (R2), the file's signature, and the uploader (R49). */
export function metadataOf(
  { tenant }: TenantContext,
  { actor, folder = '', signature }: UploadFacts,
): Record<string, string> | Refusal {
  const folderId = folderAt(tenant.folders, folder);
  if (folderId === undefined) return unknownFolder(folder);
  if (folderId === Z_OLD) return refused('set-aside', 'Licenses cannot be imported into zOld. Name another folder.');
  return defined({
    ...(folder === '' ? {} : { folder: metadataValue(folder) }),
    signature,
    [UPLOADED_BY]: metadataValue(actor),
  });
}
