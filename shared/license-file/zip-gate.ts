import { type FaultCode, type FileFault, quote, type Refusal, refuse } from './faults.ts';
import { LIMITS, PRODUCT_LICENSE_FILE_NAME, SIGNATURE_SUFFIX } from './format.ts';
import { PRODUCT_LICENSE_TEXT } from './recognise.ts';
import { DEFLATED, placeOf, readZipDirectory, ZIP64_TEXT, type ZipEntry } from './zip-directory.ts';
import { checkZipLayout } from './zip-layout.ts';
import { baseName, isLicenseName, namesAgree, pathFault } from './zip-names.ts';

export type GatedZip = { license: ZipEntry; signature: ZipEntry | undefined };

const ENCRYPTED = 0x0041;
const STORED = 0;
/** Compression level, trailing descriptor and UTF-8 name: the flags that an ordinary zip program sets. */
const PLAIN_FLAGS = 0x080e;

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
  const names = new Set(entries.map((entry) => entry.shownName));
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

function entryFaults(entry: ZipEntry): FileFault[] {
  const fault = (code: FaultCode, text: string): FileFault[] => [{ code, place: placeOf(entry), text }];
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
  const path = pathFault(entry.name) ?? pathFault(entry.otherName ?? entry.name);
  if (path !== undefined) {
    return fault('zip-path', `${path} Make a new zip of license.xml alone, or upload license.xml itself.`);
  }
  if (!namesAgree([entry.name, entry.otherName])) {
    const text = `This file has two names, ${quote(entry.name)} and ${quote(entry.otherName ?? '')}, and only one of them is license.xml. Make a new zip of license.xml.`;
    return fault('zip-two-names', text);
  }
  const marked = specialKind(entry);
  if (marked === undefined) return [];
  return fault(
    'zip-not-a-file',
    `This file is marked as ${marked}. Make a zip that holds only ordinary files, or upload license.xml itself.`,
  );
}

const FOLDER = 'a folder';
const SPECIAL_KINDS = new Map([
  [0x2000, 'a device'],
  [0x4000, FOLDER],
  [0x6000, 'a device'],
  [0xa000, 'a link'],
  [0xc000, 'a socket'],
]);
/** Types of an ordinary file. Info-ZIP marks what came through a pipe. */
const FILE_TYPES = [0, 0x1000, 0x8000];

/**
 * Returns as what an entry is marked if it is not an ordinary file or folder. A name that ends in `/` is a folder's,
 * whatever file its mode speaks of. Beside the license file, a folder without that ending is harmless.
 */
function specialKind({ name, fileType, dosDirectory }: ZipEntry): string | undefined {
  const special = FILE_TYPES.includes(fileType) ? undefined : (SPECIAL_KINDS.get(fileType) ?? 'a special file');
  if (name.endsWith('/')) return special === 'a link' || special === 'a device' ? special : undefined;
  const kind = special ?? (dosDirectory ? FOLDER : undefined);
  return kind === FOLDER && dosDirectory && !isLicenseName(name) ? undefined : kind;
}

function findLicense(entries: readonly ZipEntry[]): ZipEntry | Refusal {
  const candidates = entries.filter((entry) => isLicenseName(entry.name));
  const [license] = candidates;
  if (candidates.length > 1) {
    const text = `The zip holds ${candidates.length} files called license.xml. Leave only the one to import.`;
    return refuse('reject:zip', 'zip-two-licenses', 'archive', text);
  }
  return license ?? noLicense(entries);
}

function noLicense(entries: readonly ZipEntry[]): Refusal {
  const without = (code: FaultCode, text: string): Refusal => refuse('reject:zip', code, 'archive', text);
  const names = entries
    .map((entry) => entry.shownName)
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
  if (names.length === 0) {
    return without('zip-no-license', 'The zip is empty. Upload the zip with license.xml that you got from the vendor.');
  }
  const held = `The zip holds no license.xml, but ${names.slice(0, 3).map(quote).join(', ')}.`;
  const xml = names.filter((name) => /\.xml(?:\.txt)?$/i.test(name.trim()));
  const alike = xml.filter((name) => /^licen[cs]e/.test(baseName(name).trim()));
  const [other, another] = alike.length > 0 ? alike : xml;
  const advice =
    other !== undefined && another === undefined
      ? `If ${quote(other)} is the license file, name it license.xml, or upload the XML itself.`
      : 'Upload the zip with license.xml that you got from the vendor.';
  return without('zip-no-license', `${held} ${advice}`);
}

function findSignature(entries: readonly ZipEntry[], license: ZipEntry): ZipEntry | Refusal | undefined {
  const name = `${license.shownName}${SIGNATURE_SUFFIX}`.toLowerCase();
  const found = entries.filter((entry) => entry.shownName.toLowerCase() === name);
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
