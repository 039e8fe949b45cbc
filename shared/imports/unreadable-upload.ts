import type { FileFault } from '../license-file/faults.ts';
import type { MisplacedUpload } from '../licensing/tenant/upload-key.ts';
import type { UnreadableReason } from '../platform/ports/objects.ts';

const UNREADABLE: Readonly<Record<UnreadableReason, string>> = {
  'customer-key': 'is encrypted with a key that only you have (SSE-C). Upload it again without that encryption.',
  archived: 'is in an archive class of S3 and must be restored first. Upload it again with the class STANDARD.',
  denied: 'may not be read by the service, because of its access rights or its KMS key. Upload it again without them.',
};

/** Returns the fault of an upload that the store does not give out. */
export function unreadableFault(reason: UnreadableReason): FileFault {
  return { code: `upload-${reason}`, place: 'file', text: `The file ${UNREADABLE[reason]}` };
}

const MISPLACED: Readonly<Record<MisplacedUpload['misplaced'], string>> = {
  'in-subfolder': 'it is in a subfolder',
  'name-too-long': 'its name has more than 200 characters',
};

/** Returns the fault of an upload under a key that cannot be imported. */
export function misplacedFault({ area, misplaced }: MisplacedUpload): FileFault {
  const text = `The file was not read: ${MISPLACED[misplaced]}. Upload it directly under ${area}/, with a name of 1 to 200 characters.`;
  return { code: `upload-${misplaced}`, place: 'key', text };
}
