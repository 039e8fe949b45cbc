import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { type FaultCode, type Refusal, refuse, shorten } from './faults.ts';
import { LIMITS } from './format.ts';

/** One row of the archive's central directory, decoded but not yet checked. */
export type ZipEntry = {
  number: number;
  name: string;
  /** The name in UTF-8 in the Unicode path field, which some readers use instead. */
  otherName: string | undefined;
  /** The one of the two names that is shown to people, and that jszip uses. */
  shownName: string;
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
export const DEFLATED = 8;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;
export const ZIP64_EXTRA = 0x0001;
const UNICODE_PATH_EXTRA = 0x7075;

const UTF8_NAME = 0x0800;

export const ZIP64_TEXT =
  'The archive is in the zip64 form, which is not read here. OneDrive, SharePoint and other web services write it. Upload license.xml itself, or make an ordinary zip of it.';
const DAMAGED = 'Download the file again, or make a new zip of license.xml.';

/**
 * Reads the central directory and nothing else. The archive must end with its end record, and the record must describe
 * exactly the directory before it. Whatever two readers could understand differently is refused.
 */
export function readZipDirectory(zip: Buffer): ZipDirectory | Refusal {
  const end = zip.lastIndexOf(END_SIGNATURE);
  if (end < 0 || end + END_LENGTH > zip.length) {
    return damaged(
      'zip-cut',
      `The end of the archive is missing: the file was cut off, or is one part of several. ${DAMAGED}`,
    );
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
  if (entries === 'too many fields') {
    const text = `A file in the zip has more than ${LIMITS.extraFields} extra fields. Make a new zip of license.xml alone.`;
    return refuse('reject:limit', 'zip-too-many-fields', 'archive', text);
  }
  if (entries === 'damaged') {
    return damaged('zip-directory-damaged', `The archive's list of files is damaged. ${DAMAGED}`);
  }
  return { entries, start };
}

/** Names an entry by its number and its name, for a fault. */
export function placeOf({ number, shownName }: ZipEntry): string {
  return `file ${number} of the archive, ${shorten(shownName)}`;
}

/**
 * Decodes a file's name. Zip programs disagree about the encoding of names. Whatever it is, different bytes give
 * different names.
 */
export function decodeName(name: Uint8Array): string {
  return Buffer.from(name).toString(isUtf8(name) ? 'utf8' : 'latin1');
}

function damaged(code: FaultCode, text: string): Refusal {
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

function readEntries(directory: Buffer, count: number): ZipEntry[] | 'damaged' | 'too many fields' {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let number = 1; number <= count; number += 1) {
    if (at + 46 > directory.length || !directory.subarray(at, at + 4).equals(CENTRAL_SIGNATURE)) return 'damaged';
    const nameEnd = at + 46 + directory.readUInt16LE(at + 28);
    const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
    const next = extraEnd + directory.readUInt16LE(at + 32);
    if (next > directory.length || directory.readUInt16LE(at + 34) !== 0) return 'damaged';
    const extras = readExtras(directory.subarray(nameEnd, extraEnd));
    if (!(extras instanceof Map)) return extras;
    const rawName = directory.subarray(at + 46, nameEnd);
    const attributes = directory.readUInt32LE(at + 38);
    const flags = directory.readUInt16LE(at + 8);
    const name = decodeName(rawName);
    const otherName = readUnicodePath(extras, rawName);
    entries.push({
      number,
      name,
      otherName,
      shownName: (flags & UTF8_NAME) === 0 ? (otherName ?? name) : name,
      rawName,
      flags,
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
  return at === directory.length ? entries : 'damaged';
}

/**
 * Returns the extra fields by id. Up to three bytes of padding are ignored. A field that runs over the end is damage,
 * and so is a second field of an id that matters here, because readers differ in which one they use.
 */
export function readExtras(extra: Buffer): Map<number, Buffer> | 'damaged' | 'too many fields' {
  const fields = new Map<number, Buffer>();
  let count = 0;
  for (let at = 0; at + 4 <= extra.length; count += 1) {
    if (count === LIMITS.extraFields) return 'too many fields';
    const id = extra.readUInt16LE(at);
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (end > extra.length) return 'damaged';
    if (fields.has(id) && (id === UNICODE_PATH_EXTRA || id === ZIP64_EXTRA)) return 'damaged';
    fields.set(id, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * Returns the name in the Unicode path field. The field counts only in version 1, and with the check sum of the name in
 * the header: a program that renames the file and does not know the field leaves the old one behind.
 */
export function readUnicodePath(extras: Map<number, Buffer>, rawName: Buffer): string | undefined {
  const field = extras.get(UNICODE_PATH_EXTRA);
  if (field === undefined || field.length < 5 || field[0] !== 1) return undefined;
  return field.readUInt32LE(1) === crc32(rawName) ? field.toString('utf8', 5) : undefined;
}
