/**
 * The format of `license.xml`: every name, word and limit, in one place. If a tenant's files have another layout, only
 * this folder changes.
 */

import type { Access, LicenseType } from '../licensing/vocabulary.ts';

/** The only file that is read in a zip, in any folder. Upper and lower case do not matter. */
export const LICENSE_FILE_NAME = 'license.xml';
/** A product license, bound to a host, which is not a license file (R9). */
export const PRODUCT_LICENSE_FILE_NAME = 'product_license.xml';
/** The suffix of a detached signature beside the license file: `license.xml.sig`. */
export const SIGNATURE_SUFFIX = '.sig';

export const ROOT = 'licenses';
export const ROOT_ATTRIBUTES = ['customer', 'issued'] as const;
export type RootAttribute = (typeof ROOT_ATTRIBUTES)[number];
export const LICENSE = 'license';
export const FIELDS = ['serialNumber', 'type', 'modules', 'access', 'validFrom', 'expiryDate', 'customer'] as const;
export type Field = (typeof FIELDS)[number];

export const TYPES = { Floating: 'floating', Dedicated: 'dedicated' } as const;
export const WRITTEN_TYPES = { floating: 'Floating', dedicated: 'Dedicated' } as const satisfies Record<
  LicenseType,
  keyof typeof TYPES
>;
export const ACCESSES = { write: 'write', read: 'read' } as const satisfies Record<Access, Access>;
export const ALL_MODULES = 'All modules';
export const NEVER = 'never';
export const SERIAL_NUMBER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const LONGEST_MODULE_NAME = 80;

export const LIMITS = {
  /**
   * The most bytes of the upload, checked before anything in it is read: the most bytes that its files may declare, and
   * room for the directory.
   */
  fileBytes: 21 * 1024 * 1024,
  xmlBytes: 8 * 1024 * 1024,
  declaredBytes: 20 * 1024 * 1024,
  zipEntries: 100,
  /** The most extra fields of one header in a zip. jszip keeps an object for each. */
  extraFields: 64,
  licenses: 20_000,
  depth: 16,
  attributes: 64,
  valueCharacters: 1024,
  /** The most characters of a value that the format does not define, such as a certificate. */
  ignoredValueCharacters: 64 * 1024,
  /**
   * The most characters of one value as it is written: 1,024 characters, each at worst written as a reference, and its
   * tags.
   */
  writtenValueCharacters: 16 * 1024,
  rootTagCharacters: 64 * 1024,
  /**
   * The most characters `-`, and the most `]`. Each of them in a comment or CDATA section costs the strict parser
   * memory.
   */
  marks: 1_000_000,
  /**
   * The most elements, comments, CDATA sections, and characters of processing instructions together: 25 for each of the
   * most licenses allowed. This limits the time of the parsers, which depends mostly on the number of nodes.
   */
  nodes: 500_000,
  signatureBytes: 4096,
} as const;

export type FileLicense = {
  serialNumber: string;
  type: LicenseType;
  /** `all`, or the module's name. */
  modules: string;
  access: Access;
  /** First day of use (inclusive), YYYY-MM-DD. */
  validFrom: string;
  /** Last day of use (inclusive), YYYY-MM-DD. Absent: the license never expires. */
  expiresOn?: string;
};

export type WrittenLicense = Record<Field, string>;

/** Returns a license in the words of the file, as its values were after trimming. */
export function asWritten(license: FileLicense, customer: string): WrittenLicense {
  return {
    serialNumber: license.serialNumber,
    type: WRITTEN_TYPES[license.type],
    modules: license.modules === 'all' ? ALL_MODULES : license.modules,
    access: license.access,
    validFrom: license.validFrom,
    expiryDate: license.expiresOn ?? NEVER,
    customer,
  };
}

/** Returns a value without the XML white space at both ends. Other blanks belong to the value. */
export function trimXmlSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isXmlSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isXmlSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isXmlSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d;
}
