import { showInvisible } from '../licensing/show-invisible.ts';

/** The codes of all faults of files. */
export const FAULT_CODES = [
  '7z-archive',
  'access-unknown',
  'binary-file',
  'byte-order-marks',
  'bzip2-archive',
  'cab-archive',
  'compound-file',
  'csv-table',
  'customer',
  'customer-differs',
  'customer-impossible',
  'day-impossible',
  'days-reversed',
  'doctype',
  'element-not-text',
  'element-reserved',
  'element-twice',
  'empty-file',
  'encoded-file',
  'encoding',
  'file-too-big',
  'form-body',
  'gzip-archive',
  'html-page',
  'http-message',
  'issued-in-future',
  'json-text',
  'letter-lost',
  'license-misspelled',
  'license-nested',
  'macos-file',
  'mail-message',
  'modules-impossible',
  'more-faults',
  'no-license',
  'not-a-zip',
  'not-well-formed',
  'office-document',
  'other-customer',
  'pdf-document',
  'picture',
  'plain-text',
  'product-license',
  'program',
  'rar-archive',
  'readers-differ',
  'root-unknown',
  'rtf-document',
  'serial-number-impossible',
  'serial-number-twice',
  'settings-file',
  'shortcut',
  'signature-too-big',
  'signature-unknown-key',
  'signature-unreadable',
  'signature-unsigned',
  'signature-wrong',
  'stray-text',
  'tag-too-long',
  'tar-archive',
  'too-deep',
  'too-many-attributes',
  'too-many-elements',
  'too-many-licenses',
  'too-many-marks',
  'too-much-memory',
  'too-slow',
  'transfer-frame',
  'type-unknown',
  'unknown-folder',
  'unknown-tenant',
  'upload-archived',
  'upload-customer-key',
  'upload-denied',
  'upload-gone',
  'upload-in-subfolder',
  'upload-name-too-long',
  'utf-16-text',
  'utf-32-text',
  'value-empty',
  'value-missing',
  'value-too-long',
  'xml-bytes-before',
  'xml-text',
  'xml-too-big',
  'xz-archive',
  'zip-archive',
  'zip-bytes-after',
  'zip-bytes-before',
  'zip-crc',
  'zip-cut',
  'zip-damaged',
  'zip-data-cut',
  'zip-directory-damaged',
  'zip-directory-moved',
  'zip-encrypted',
  'zip-header-damaged',
  'zip-header-missing',
  'zip-headers-differ',
  'zip-in-zip',
  'zip-method',
  'zip-no-license',
  'zip-not-a-file',
  'zip-overlap',
  'zip-path',
  'zip-read-as-text',
  'zip-same-name',
  'zip-several-parts',
  'zip-size',
  'zip-stray-bytes',
  'zip-too-big',
  'zip-too-many-entries',
  'zip-too-many-fields',
  'zip-two-archives',
  'zip-two-licenses',
  'zip-two-names',
  'zip-two-signatures',
  'zip64',
  'zstd-archive',
] as const;

export type FaultCode = (typeof FAULT_CODES)[number];

/** One fault in a file: a stable code, its place, and a text that says what an administrator can do about it. */
export type FileFault = { code: FaultCode; place: string; text: string };

export type Rejection = 'reject:zip' | 'reject:xml' | 'reject:schema' | 'reject:limit';
export type Refusal = { verdict: Rejection; faults: readonly FileFault[] };

/**
 * The most faults that the report of one file names. A file with more needs to be replaced, and a longer list would not
 * help.
 */
export const MOST_FAULTS = 100;

/** Returns a refusal with a single fault. */
export function refuse(verdict: Rejection, code: FaultCode, place: string, text: string): Refusal {
  return { verdict, faults: [{ code, place, text }] };
}

export function isRefusal(outcome: object): outcome is Refusal {
  return 'verdict' in outcome && 'faults' in outcome;
}

/** The most characters of a value that a text quotes, and the most that it shows with the codes of invisible ones. */
const MOST_QUOTED = 60;
const MOST_SHOWN = 160;

/** Returns the beginning of a value in quotes, on one line, with invisible characters as codes. */
export function quote(value: string): string {
  return `"${shorten(value)}"`;
}

/** Returns the beginning of a value, on one line, with invisible characters as codes: `All[U+00A0]modules`. */
export function shorten(value: string): string {
  const start = [...value.slice(0, 2 * MOST_QUOTED)].slice(0, MOST_QUOTED).join('');
  const shown = showInvisible(start);
  const short = shown.length > MOST_SHOWN ? shown.slice(0, shown.lastIndexOf('[', MOST_SHOWN)) : shown;
  return start.length < value.length || short !== shown ? `${short}…` : short;
}

/** Returns the first hundred faults in the order of the file. If there are more, the last one says so. */
export function inFileOrder(faults: readonly (FileFault & { line: number })[]): readonly FileFault[] {
  const ordered = faults
    .toSorted((one, other) => one.line - other.line)
    .map(({ code, place, text }) => ({ code, place, text }));
  if (ordered.length <= MOST_FAULTS) return ordered;
  const more = `There are more than ${MOST_FAULTS} faults in this file; only the first are listed.`;
  return [...ordered.slice(0, MOST_FAULTS - 1), { code: 'more-faults', place: 'file', text: more }];
}
