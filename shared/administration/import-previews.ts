import { readPastedText } from '../imports/pasted-text.ts';
import { type Preview, previewFile } from '../imports/preview.ts';
import { type FileJudgment, judgeFile, readUpload } from '../imports/read-upload.ts';
import { readPreview, storePreview } from '../imports/stored-preview.ts';
import { isUploadOf } from '../licensing/tenant/upload-key.ts';
import { randomText } from '../platform/random.ts';
import { invalidRequest } from '../platform/validation.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused, unknownUpload } from './refusal.ts';
import { onePage } from './reports.ts';
import { metadataOf } from './uploads.ts';

type Request = RequestOf<'preview-import'>;

/** How many bytes of licenses one answer has at most. A call of a function may have 6 MB, and quotes are escaped. */
const MOST_ANSWERED = 3 * 1024 * 1024;

/**
 * Compares a license file with the present licenses, and stores the result for a day. Changes no license. A pasted text
 * is answered with all licenses, or with as many as fit. An uploaded file is answered without its licenses, which
 * `get-import-preview` lists page by page.
 *
 * It reads each license of the file once, and writes one item for each 100 licenses, and one more.
 */
export async function previewImport(deps: TenantContext, request: Request) {
  const { tenant, random } = deps;
  const judgment = await judge(deps, request);
  if (isRefusal(judgment)) return judgment;
  const preview = await previewFile(deps, tenant, judgment);
  const head = await storePreview(deps, tenant.tenantId, randomText(random, 16), preview);
  if (request.xml === undefined) return head;
  const licenses = asManyAsFit(preview.licenses);
  return { ...head, licenses, isWhole: licenses.length === preview.licenses.length };
}

/** Judges the file as its import would. */
async function judge(deps: TenantContext, request: Request): Promise<FileJudgment | Refusal> {
  const { tenant } = deps;
  const { xml, upload, folder, signature } = request;
  if (xml !== undefined && upload === undefined) {
    const metadata = metadataOf(deps, request);
    if (isRefusal(metadata)) return metadata;
    const { name, xml: text } = readPastedText(tenant, { ...request, xml });
    return judgeFile(deps, tenant, { name, bytes: Buffer.from(text), metadata });
  }
  if (upload === undefined || xml !== undefined) {
    return invalidRequest([{ place: 'xml', text: 'name either a text (`xml`) or an `upload`' }]);
  }
  if (folder !== undefined || signature !== undefined) {
    return invalidRequest([
      { place: 'upload', text: 'has its folder and its signature from the form of `create-upload`' },
    ]);
  }
  if (!isUploadOf(tenant.tenantId, upload)) return unknownUpload(upload);
  const reading = await readUpload(deps, tenant, upload);
  switch (reading.kind) {
    case 'gone':
      return unknownUpload(upload);
    case 'rejected':
      return reading;
    case 'accepted':
      return { kind: 'accepted', file: reading.upload };
  }
}

function asManyAsFit(licenses: Preview['licenses']): Preview['licenses'] {
  let bytes = 0;
  const end = licenses.findIndex((license) => {
    bytes += Buffer.byteLength(JSON.stringify(license));
    return bytes > MOST_ANSWERED;
  });
  return end < 0 ? licenses : licenses.slice(0, end);
}

/** Returns a preview with a page of its licenses, or of those with one outcome. */
export async function getImportPreview(deps: TenantContext, request: RequestOf<'get-import-preview'>) {
  const { previewId, cursor } = request;
  return onePage(
    (position) => readPreview(deps, deps.tenant.tenantId, previewId, { ...request, cursor: position }),
    cursor,
    refused('unknown-preview', `There is no preview "${previewId}". Previews are deleted after a day.`),
  );
}
