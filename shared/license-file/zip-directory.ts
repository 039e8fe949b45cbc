import { isUtf8 } from 'node:buffer';
import { type Refusal, refuse } from './faults.ts';
import { LIMITS } from './format.ts';

/** One row of the archive's central directory, decoded but not yet checked. */
export type ZipEntry = {
  number: number;
  name: string;
  /** The name in the Info-ZIP unicode-path extra field, which some readers use instead. */
  otherName: string | undefined;
  rawName: Buffer;
  flags: number;
  method: number;
  crc: number;
  packedSize: number;
  size: number;
  /** File type bits of the Unix mode, or 0 if the archive does not contain them. */
  fileType: number;
  dosDirectory: boolean;
  localHeader: number;
  hasZip64Extra: boolean;
};

export type ZipDirectory = { entries: readonly ZipEntry[]; start: number };

export const LOCAL_SIGNATURE = Buffer.from('PK\x03\x04', 'latin1');
const CENTRAL_SIGNATURE = Buffer.from('PK\x01\x02', 'latin1');
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const ZIP64_LOCATOR_SIGNATURE = Buffer.from('PK\x06\x07', 'latin1');
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;

export const ZIP64_TEXT =
  'The archive is in the zip64 form, which is made for huge archives. Make an ordinary zip of license.xml, or upload license.xml itself.';
const DAMAGED = 'Download the file again, or make a new zip of license.xml.';

/**
 * Reads the central directory and nothing else. The archive must end with its end record, and the record must describe
 * exactly the directory before it. Whatever two readers could understand differently is refused.
 */
export function readZipDirectory(zip: Buffer): ZipDirectory | Refusal {
  const end = zip.lastIndexOf(END_SIGNATURE);
  if (end < 0 || end + END_LENGTH > zip.length) {
    return damaged('zip-cut', `The end of the archive is missing: the file was cut off. ${DAMAGED}`);
  }
  if (!endsTheFile(zip, end)) {
    return damaged(
      'zip-bytes-after',
      `There is something after the end of the archive, or its end was cut off. ${DAMAGED}`,
    );
  }
  if (hasEarlierEnd(zip, end)) {
    return damaged(
      'zip-two-archives',
      'Two archives lie in one file, and it is unclear which one counts. Make a new zip.',
    );
  }
  const diskNumbers = zip.readUInt32LE(end + 4);
  const entriesHere = zip.readUInt16LE(end + 8);
  const entriesInAll = zip.readUInt16LE(end + 10);
  const length = zip.readUInt32LE(end + 12);
  const start = zip.readUInt32LE(end + 16);
  const hasLocator = end >= 20 && zip.subarray(end - 20, end - 16).equals(ZIP64_LOCATOR_SIGNATURE);
  if (hasLocator || entriesInAll === 0xffff || length === 0xffffffff || start === 0xffffffff) {
    return refuse('reject:zip', 'zip64', 'archive', ZIP64_TEXT);
  }
  if (diskNumbers !== 0 || entriesHere !== entriesInAll) {
    return damaged('zip-several-parts', 'The archive is one part of several. Make a zip that is one file.');
  }
  if (entriesInAll > LIMITS.zipEntries) {
    const text = `The zip holds ${entriesInAll} files; ${LIMITS.zipEntries} are allowed. Make a zip of license.xml alone.`;
    return refuse('reject:limit', 'zip-too-many-entries', 'archive', text);
  }
  if (start + length !== end) {
    return damaged('zip-directory-moved', `The archive's list of files is not where the archive says. ${DAMAGED}`);
  }
  const entries = readEntries(zip.subarray(start, end), entriesInAll);
  if (entries === undefined) {
    return damaged('zip-directory-damaged', `The archive's list of files is damaged. ${DAMAGED}`);
  }
  return { entries, start };
}

/**
 * Decodes a file's name. Zip programs disagree about the encoding of names. Whatever it is, different bytes give
 * different names.
 */
export function decodeName(name: Uint8Array): string {
  return Buffer.from(name).toString(isUtf8(name) ? 'utf8' : 'latin1');
}

function damaged(code: string, text: string): Refusal {
  return refuse('reject:zip', code, 'archive', text);
}

function endsTheFile(zip: Buffer, end: number): boolean {
  return end + END_LENGTH <= zip.length && end + END_LENGTH + zip.readUInt16LE(end + 20) === zip.length;
}

/** Returns whether there is a second end record that also fits. Then the "comment" of the first is another archive. */
function hasEarlierEnd(zip: Buffer, end: number): boolean {
  const earliest = Math.max(0, zip.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = end - 1; at >= earliest; at -= 1) {
    at = zip.lastIndexOf(END_SIGNATURE, at);
    if (at < earliest) return false;
    if (endsTheFile(zip, at)) return true;
  }
  return false;
}

function readEntries(directory: Buffer, count: number): ZipEntry[] | undefined {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let number = 1; number <= count; number += 1) {
    if (at + 46 > directory.length || !directory.subarray(at, at + 4).equals(CENTRAL_SIGNATURE)) return undefined;
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const next = extraEnd + directory.readUInt16LE(at + 32);
    if (next > directory.length) return undefined;
    const extras = readExtras(directory.subarray(nameEnd, extraEnd));
    if (extras === undefined || directory.readUInt16LE(at + 34) !== 0) return undefined;
    const rawName = directory.subarray(at + 46, nameEnd);
    const attributes = directory.readUInt32LE(at + 38);
    entries.push({
      number,
      name: decodeName(rawName),
      otherName: extras.get(UNICODE_PATH_EXTRA)?.subarray(5).toString('utf8'),
      rawName,
      flags: directory.readUInt16LE(at + 8),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      fileType: (attributes >>> 16) & 0xf000,
      dosDirectory: (attributes & 0x10) !== 0,
      localHeader: directory.readUInt32LE(at + 42),
      hasZip64Extra: extras.has(ZIP64_EXTRA),
    });
    at = next;
  }
  return at === directory.length ? entries : undefined;
}

/**
 * Returns the extra fields by id, or undefined when one runs over the end. Up to three bytes of padding are ignored.
 */
export function readExtras(extra: Buffer): Map<number, Buffer> | undefined {
  const fields = new Map<number, Buffer>();
  let at = 0;
  while (at + 4 <= extra.length) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return undefined;
    fields.set(extra.readUInt16LE(at), extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}
