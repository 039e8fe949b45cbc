import * as z from 'zod/mini';
import { readImport } from '../imports/read-report.ts';
import { defined } from '../licensing/defined.ts';
import { isUploadOf, keyOfUpload } from '../licensing/tenant/upload-key.ts';
import { MINUTE, plus } from '../licensing/time.ts';
import { type FoundObject, type ListedObject, ObjectUnreadable } from '../platform/ports/objects.ts';
import type { Item } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import { uploadKey } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { cursorAt, readStart } from './pages.ts';
import { isRefusal, type Refusal, unknownUpload } from './refusal.ts';

/** How long the address of a download is valid. A browser follows it at once. */
const VALID_FOR = 5 * MINUTE;

const LIST = 'waiting-uploads';

/**
 * Lists the files that were uploaded for renewals, by their names. A file that a renewal has imported names that
 * import, unless it was uploaded again since. It asks the bucket once, and reads one item for each file.
 */
export async function listWaitingUploads(deps: TenantContext, request: RequestOf<'list-waiting-uploads'>) {
  const { objects, table, tenant } = deps;
  const { tenantId } = tenant;
  const prefix = keyOfUpload({ tenant: tenantId, area: 'renewals', name: '' });
  const start = readStart(request, LIST, (place) => place.startsWith(prefix));
  if (isRefusal(start)) return start;
  const page = await objects.list({ prefix, after: start.place, limit: request.limit });
  const files = page.objects.filter(({ key }) => isUploadOf(tenantId, key));
  const imports = await table.getMany(files.map(({ key }) => uploadKey(tenantId, key)));
  const uploads = files.map((file, index) =>
    defined({ ...file, name: file.key.slice(prefix.length), importId: importOf(file, imports[index]) }),
  );
  return { uploads, ...cursorAt(LIST, page.more ? page.objects.at(-1)?.key : undefined) };
}

const latestImport = z.object({ importId: z.string(), order: z.string() });

/** Returns the import of a file. The order of imports begins with the time of the upload. */
function importOf({ uploadedAt }: ListedObject, item: Item | undefined): string | undefined {
  const latest = item === undefined ? undefined : latestImport.parse(item);
  return latest !== undefined && latest.order >= uploadedAt ? latest.importId : undefined;
}

/**
 * Returns a signed address at which an administrator downloads an uploaded file for some minutes: the present one of a
 * key, or exactly the one that was imported.
 */
export async function createDownload(deps: TenantContext, request: RequestOf<'create-download'>) {
  const found = await findUpload(deps, request);
  if (isRefusal(found)) return found;
  const { key, versionId, size, uploadedAt } = found;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const url = await deps.signDownload(defined({ key, versionId, name, validFor: VALID_FOR / 1_000 }));
  return { key, name, size, uploadedAt, url, validUntil: plus(deps.clock.now(), VALID_FOR) };
}

async function findUpload(
  { objects, table, tenant }: TenantContext,
  { key, importId }: RequestOf<'create-download'>,
): Promise<FoundObject | Refusal> {
  const { tenantId } = tenant;
  if ((key === undefined) === (importId === undefined)) {
    return invalidRequest([{ place: 'key', text: 'name either an upload by `key` or an import by `importId`' }]);
  }
  const imported = importId === undefined ? undefined : await readImport(table, tenantId, importId);
  const at = imported ?? { key: key ?? '' };
  if (!isUploadOf(tenantId, at.key)) return unknownUpload(key ?? `of the import ${importId}`);
  try {
    const found = await objects.head(defined({ key: at.key, versionId: imported?.versionId }));
    // A bucket without versions only has the latest file of a name.
    const isOther = imported !== undefined && imported.uploadedAt !== found?.uploadedAt;
    return found === undefined || isOther ? unknownUpload(at.key) : found;
  } catch (error) {
    if (!(error instanceof ObjectUnreadable)) throw error;
    return unknownUpload(at.key);
  }
}
