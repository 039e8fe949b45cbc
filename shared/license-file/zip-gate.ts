import { type FileFault, quote, type Refusal, refuse, shorten } from './faults.ts';
import { LICENSE_FILE_NAME, LIMITS, PRODUCT_LICENSE_FILE_NAME, SIGNATURE_SUFFIX } from './format.ts';
import { PRODUCT_LICENSE_TEXT } from './recognise.ts';
import { readZipDirectory, ZIP64_TEXT, type ZipEntry } from './zip-directory.ts';
import { checkZipLayout } from './zip-layout.ts';

export type GatedZip = { license: ZipEntry; signature: ZipEntry | undefined };

const ENCRYPTED = 0x0041;
const STORED = 0;
const DEFLATED = 8;
/** Compression level, trailing descriptor and UTF-8 name: the flags that an ordinary zip program sets. */
const PLAIN_FLAGS = 0x080e;
const REGULAR_FILE = 0x8000;
const FOLDER = 0x4000;

/**
 * Judges an archive by its directory before anything inflates or a library reads it. An archive that passes has one
 * regular file `license.xml`, no name that leads out of a folder, no declared size above the limits, and only one way
 * to be read.
 */
export function gateZip(zip: Buffer): GatedZip | Refusal {
  const directory = readZipDirectory(zip);
  if ('verdict' in directory) return directory;
  const { entries } = directory;
  const faults = entries.flatMap((entry) => entryFaults(entry));
  if (faults.length > 0) return { verdict: 'reject:zip', faults };
  const names = new Set(entries.map((entry) => entry.name));
  if (names.size < entries.length) {
    return refuse(
      'reject:zip',
      'zip-same-name',
      'archive',
      'Two files in the archive have the same name. Make a new zip of license.xml.',
    );
  }
  const declared = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (declared > LIMITS.declaredBytes) {
    const text = `The files in the zip claim to be ${declared} bytes; ${LIMITS.declaredBytes} are allowed. Make a zip of license.xml alone.`;
    return refuse('reject:limit', 'zip-too-big', 'archive', text);
  }
  const license = findLicense(entries);
  if ('verdict' in license) return license;
  if (license.size > LIMITS.xmlBytes) {
    const text = `license.xml claims to be ${license.size} bytes; ${LIMITS.xmlBytes} are allowed.`;
    return refuse('reject:limit', 'xml-too-big', placeOf(license), text);
  }
  const signature = findSignature(entries, license);
  if (signature !== undefined && 'verdict' in signature) return signature;
  return checkZipLayout(zip, directory) ?? { license, signature };
}

function placeOf(entry: ZipEntry): string {
  return `file ${entry.number} of the archive, ${shorten(entry.name)}`;
}

function entryFaults(entry: ZipEntry): FileFault[] {
  const fault = (code: string, text: string): FileFault[] => [{ code, place: placeOf(entry), text }];
  if ((entry.flags & ENCRYPTED) !== 0) {
    return fault('zip-encrypted', 'The zip is protected with a password. Make a zip without a password.');
  }
  if (entry.hasZip64Extra || [entry.size, entry.packedSize, entry.localHeader].includes(0xffffffff)) {
    return fault('zip64', ZIP64_TEXT);
  }
  if ((entry.flags & ~PLAIN_FLAGS) !== 0 || (entry.method !== STORED && entry.method !== DEFLATED)) {
    return fault(
      'zip-method',
      'This file is packed in a way that is not supported. Make an ordinary zip (stored or deflated).',
    );
  }
  if (entry.method === STORED && entry.size !== entry.packedSize) {
    return fault('zip-size', 'The sizes of this file contradict each other. Make a new zip of license.xml.');
  }
  if (leadsAway(entry.name) || (entry.otherName !== undefined && leadsAway(entry.otherName))) {
    return fault(
      'zip-path',
      'The path of this file leads out of its folder, or is not a plain path. Make a new zip of license.xml.',
    );
  }
  const renamed = entry.otherName !== undefined && entry.otherName !== entry.name;
  if (renamed && (isCandidate(entry.name) || isCandidate(entry.otherName ?? ''))) {
    return fault('zip-two-names', 'This file has two names. Make a new zip of license.xml.');
  }
  const folder = entry.name.endsWith('/');
  const kind = folder ? FOLDER : REGULAR_FILE;
  if ((entry.fileType !== 0 && entry.fileType !== kind) || (entry.dosDirectory && !folder)) {
    return fault(
      'zip-not-a-file',
      'This is a link or another special file. Make a zip that holds only ordinary files.',
    );
  }
  return [];
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII ones only; in old code pages the others are letters
const NOT_IN_A_PATH = /[\x00-\x1f\x7f\\]|^[A-Za-z]:/;

/**
 * Returns whether a name is not a plain relative path: absolute and Windows paths, `..`, empty parts, control
 * characters.
 */
function leadsAway(name: string): boolean {
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  return NOT_IN_A_PATH.test(name) || parts.some((part) => part === '' || part === '.' || part === '..');
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

function isCandidate(name: string): boolean {
  return baseName(name) === LICENSE_FILE_NAME && !name.startsWith('__MACOSX/');
}

function findLicense(entries: readonly ZipEntry[]): ZipEntry | Refusal {
  const candidates = entries.filter((entry) => isCandidate(entry.name));
  const [license] = candidates;
  if (candidates.length > 1) {
    const text = `The zip holds ${candidates.length} files called license.xml. Leave only the one to import.`;
    return refuse('reject:zip', 'zip-two-licenses', 'archive', text);
  }
  return license ?? noLicense(entries);
}

function noLicense(entries: readonly ZipEntry[]): Refusal {
  const without = (code: string, text: string): Refusal => refuse('reject:zip', code, 'archive', text);
  const names = entries
    .map((entry) => entry.name)
    .filter((name) => !name.endsWith('/') && !name.startsWith('__MACOSX/'));
  if (names.some((name) => baseName(name) === PRODUCT_LICENSE_FILE_NAME)) {
    return without('product-license', PRODUCT_LICENSE_TEXT);
  }
  if (names.includes('[Content_Types].xml')) {
    return without(
      'office-document',
      'This is an Office document, not a license file. Upload the zip with license.xml that you got from the vendor.',
    );
  }
  const inner = names.find((name) => baseName(name).endsWith('.zip'));
  if (inner !== undefined) {
    return without(
      'zip-in-zip',
      `The zip holds another zip, ${quote(inner)}. Unpack it, and upload the inner zip or its license.xml.`,
    );
  }
  const held =
    names.length === 0
      ? 'The zip is empty.'
      : `The zip holds no license.xml, but ${names.slice(0, 3).map(quote).join(', ')}.`;
  return without('zip-no-license', `${held} Upload the zip with license.xml that you got from the vendor.`);
}

function findSignature(entries: readonly ZipEntry[], license: ZipEntry): ZipEntry | Refusal | undefined {
  const name = `${license.name}${SIGNATURE_SUFFIX}`.toLowerCase();
  const found = entries.filter((entry) => entry.name.toLowerCase() === name);
  const [signature] = found;
  if (found.length > 1) {
    return refuse(
      'reject:zip',
      'zip-two-signatures',
      'archive',
      'The zip holds two signatures of license.xml. Leave only the one that belongs to it.',
    );
  }
  if (signature !== undefined && signature.size > LIMITS.signatureBytes) {
    const text = `The signature claims to be ${signature.size} bytes; ${LIMITS.signatureBytes} are allowed.`;
    return refuse('reject:limit', 'signature-too-big', placeOf(signature), text);
  }
  return signature;
}
