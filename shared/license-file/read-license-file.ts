import { decodeUtf8, wideTextAdvice } from './decode.ts';
import { type FileFault, isRefusal, type Refusal, type Rejection, refuse } from './faults.ts';
import { type FileLicense, LIMITS, PRODUCT_LICENSE_FILE_NAME, ROOT } from './format.ts';
import { inflateEntry, openZip } from './inflate.ts';
import { readLicenses } from './licenses.ts';
import { IN_PARTS, PRODUCT_LICENSE_TEXT, type Recognised, recognise, UNKNOWN } from './recognise.ts';
import { type Authenticity, checkSignature, refuseUnlessAuthentic } from './signature.ts';
import { recogniseDamage } from './zip-damage.ts';
import { gateZip } from './zip-gate.ts';

export type LicenseFileReading =
  | {
      verdict: 'accept';
      customer: string;
      issued: string;
      licenses: readonly FileLicense[];
      /** Paths of the elements and attributes that the format does not define. */
      ignored: readonly string[];
      /** The exact bytes of license.xml. */
      xml: Uint8Array;
      /** The text of `license.xml.sig`, if it is beside license.xml in the zip. */
      signature?: string;
      /** The id of the key whose signature fits, if the tenant requires a signature. */
      keyId?: string;
    }
  | { verdict: Rejection; ignored: readonly string[]; faults: readonly FileFault[] };

type Unpacked = { xml: Uint8Array; signature?: string };

/**
 * Reads an upload. A name ending in `.xml` means XML, any other a zip. Returns a verdict for any bytes: it does not
 * throw on bad input, and its time and memory are limited.
 *
 * With `authenticity`, it checks the signature over the raw bytes before decoding them. It does not check whether the
 * customer is the tenant's (R10).
 */
export async function readLicenseFile(
  bytes: Uint8Array,
  name: string,
  authenticity?: Authenticity,
): Promise<LicenseFileReading> {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unpacked = isXmlName(name) ? asXml(file, name) : await unzip(file, name);
  if (isRefusal(unpacked)) return { ...unpacked, ignored: [] };
  const check =
    authenticity && checkSignature(unpacked.xml, unpacked.signature ?? authenticity.signature, authenticity);
  const unauthentic = check && refuseUnlessAuthentic(check);
  if (unauthentic !== undefined) return { ...unauthentic, ignored: [] };
  const text = readText(unpacked.xml, { isBare: isXmlName(name), isSigned: check?.outcome === 'signed' });
  if (typeof text !== 'string') return { ...text, ignored: [] };
  const content = readLicenses(text);
  if ('verdict' in content) return content;
  return { verdict: 'accept', ...content, ...unpacked, ...(check?.outcome === 'signed' ? { keyId: check.keyId } : {}) };
}

function isXmlName(name: string): boolean {
  return name.toLowerCase().endsWith('.xml');
}

function asXml(file: Buffer, name: string): Unpacked | Refusal {
  const baseName = name.split(/[/\\]/).at(-1)?.toLowerCase();
  if (baseName === PRODUCT_LICENSE_FILE_NAME) {
    return refuse('reject:schema', 'product-license', 'file', PRODUCT_LICENSE_TEXT);
  }
  if (file.length > LIMITS.xmlBytes) {
    return refuse(
      'reject:limit',
      'xml-too-big',
      'file',
      `The file is ${file.length} bytes; ${LIMITS.xmlBytes} are allowed.`,
    );
  }
  return { xml: file };
}

/** Names of the parts of a split archive: `license.z02`, `license.zip.002`. */
const PART_NAME = /\.(?:z\d\d|zip\.\d{3})$/i;

async function unzip(file: Buffer, name: string): Promise<Unpacked | Refusal> {
  if (file.length > LIMITS.fileBytes) {
    return refuse(
      'reject:limit',
      'file-too-big',
      'file',
      `The file is ${file.length} bytes; ${LIMITS.fileBytes} are allowed.`,
    );
  }
  const found = recognise(file);
  if (found?.code !== 'zip-archive') {
    const advice =
      found?.code === 'xml-text' && file.includes(`<${ROOT}`) ? 'Give it a name that ends in .xml.' : undefined;
    const unknown: Recognised = PART_NAME.test(name) ? IN_PARTS : { code: 'not-a-zip', what: UNKNOWN };
    return refuseOther('reject:zip', 'file', found ?? unknown, advice);
  }
  const unpacked = await unpack(file);
  const damage = isRefusal(unpacked) ? recogniseDamage(file, unpacked.faults[0]?.code) : undefined;
  return damage === undefined ? unpacked : refuseOther('reject:zip', 'archive', damage);
}

async function unpack(file: Buffer): Promise<Unpacked | Refusal> {
  const gated = gateZip(file);
  if (isRefusal(gated)) return gated;
  const archive = await openZip(file);
  if (isRefusal(archive)) return archive;
  const xml = await inflateEntry(archive, file, gated.license);
  if (isRefusal(xml)) return xml;
  if (gated.signature === undefined) return { xml };
  const signature = await inflateEntry(archive, file, gated.signature);
  return isRefusal(signature) ? signature : { xml, signature: Buffer.from(signature).toString('latin1') };
}

/**
 * Returns the text of license.xml. Recognizes files of other kinds before anything parses them, and names them in the
 * refusal.
 */
function readText(
  xml: Uint8Array,
  { isBare, isSigned }: { readonly isBare: boolean; readonly isSigned: boolean },
): string | Refusal {
  const bytes = Buffer.from(xml.buffer, xml.byteOffset, xml.byteLength);
  const found = recognise(bytes);
  if (found?.code === 'xml-text') return decodeUtf8(xml, isSigned);
  const refused = (kind: Recognised, advice?: string): Refusal =>
    refuseOther('reject:xml', 'license.xml', kind, advice);
  if (found?.code === 'utf-16-text' || found?.code === 'utf-32-text')
    return refused(found, wideTextAdvice(xml, isSigned));
  if (found?.code === 'zip-archive') {
    const gated = gateZip(bytes);
    const damage = isRefusal(gated) ? recogniseDamage(bytes, gated.faults[0]?.code) : undefined;
    const advice = isBare ? 'Give it a name that ends in .zip.' : 'Unpack it, and upload what is in it.';
    return damage === undefined ? refused(found, advice) : refused(damage);
  }
  return refused(found ?? { code: 'binary-file', what: UNKNOWN });
}

/** Refuses a file of another kind than a license file, with the advice that fits the kind. */
function refuseOther(verdict: Rejection, place: string, found: Recognised, advice = found.advice): Refusal {
  const text = advice ?? 'Upload the zip with license.xml that you got from the vendor, or license.xml itself.';
  return refuse(verdict, found.code, place, `This is ${found.what}. ${text}`);
}
