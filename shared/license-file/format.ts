/**
 * The format of `license.xml`: every name, word and limit, in one place. When a tenant shows another layout, this folder
 * changes and nothing else does.
 */

/** The one file that is read in a zip, in any folder; case is ignored. */
export const LICENSE_FILE_NAME = 'license.xml';
/** A host-bound product license: another thing (R9). */
export const PRODUCT_LICENSE_FILE_NAME = 'product_license.xml';
/** A detached signature lies beside the license file: `license.xml.sig`. */
export const SIGNATURE_SUFFIX = '.sig';

export const ROOT = 'licenses';
export const ROOT_ATTRIBUTES = ['customer', 'issued'] as const;
export const LICENSE = 'license';
export const FIELDS = ['serialNumber', 'type', 'modules', 'access', 'validFrom', 'expiryDate', 'customer'] as const;
export type Field = (typeof FIELDS)[number];

export const TYPES = { Floating: 'floating', Dedicated: 'dedicated' } as const;
export const ACCESSES = { write: 'write', read: 'read' } as const;
export const ALL_MODULES = 'All modules';
export const NEVER = 'never';
export const SERIAL_NUMBER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const LONGEST_MODULE_NAME = 80;

export const LIMITS = {
  /** The upload itself, before anything in it is looked at: what may be declared in all, and room for the directory. */
  fileBytes: 21 * 1024 * 1024,
  xmlBytes: 8 * 1024 * 1024,
  declaredBytes: 20 * 1024 * 1024,
  zipEntries: 100,
  licenses: 20_000,
  depth: 16,
  attributes: 64,
  valueCharacters: 1024,
  /** One value as it stands in the file: 1,024 characters, each at worst written as a reference, and its tags. */
  writtenValueCharacters: 16 * 1024,
  rootTagCharacters: 64 * 1024,
  /** Of `-` and of `]`: in a comment or CDATA section each costs the strict parser a piece of memory. */
  marks: 1_000_000,
  /**
   * Elements, comments, CDATA sections, and characters of processing instructions together: 25 for each of the most
   * licenses allowed. Bounds the time of the parsers, which cost most per node.
   */
  nodes: 500_000,
  signatureBytes: 4096,
} as const;

export type FileLicense = {
  serialNumber: string;
  type: 'dedicated' | 'floating';
  /** `all`, or the module's name. */
  modules: string;
  access: 'write' | 'read';
  /** First day of use, YYYY-MM-DD. */
  validFrom: string;
  /** Last day of use, YYYY-MM-DD; absent: never expires. */
  expiresOn?: string;
};

export type WrittenLicense = Record<Field, string>;

/** A license in the words of the file: what stood there, after trimming. */
export function asWritten(license: FileLicense, customer: string): WrittenLicense {
  return {
    serialNumber: license.serialNumber,
    type: license.type === 'floating' ? 'Floating' : 'Dedicated',
    modules: license.modules === 'all' ? ALL_MODULES : license.modules,
    access: license.access,
    validFrom: license.validFrom,
    expiryDate: license.expiresOn ?? NEVER,
    customer,
  };
}

/** A value is what stands between the tags, without the XML white space at both ends; other blanks belong to it. */
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
