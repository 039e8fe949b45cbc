import { type FaultCode, quote } from './faults.ts';
import { FIELDS, type Field, type FileLicense, ROOT_ATTRIBUTES, type RootAttribute, SERIAL_NUMBER } from './format.ts';
import { toLicense, valueFault, writtenLicense, writtenRoot } from './schema.ts';
import { type LineFault, type OutlinedLicense, placeIn } from './structure.ts';

/** The texts of a license's elements, in the order of FIELDS. */
export type LicenseTexts = readonly (string | undefined)[];
export type RootTexts = Partial<Record<RootAttribute, string>>;

/** Returns the customer and the issue date of the file, or their faults. */
export function checkRoot(written: RootTexts, line: number): { customer: string; issued: string } | LineFault[] {
  const result = writtenRoot.safeParse(written);
  if (result.success) return result.data;
  const refused = new Set(result.error.issues.map((issue) => issue.path[0]));
  return ROOT_ATTRIBUTES.filter((name) => refused.has(name)).map((name) => {
    return { ...valueFault(name, written[name]), place: `licenses, ${name}, line ${line}`, line };
  });
}

/**
 * The most kinds of licenses to remember. Real files have few. The limit keeps a file in which every license is of
 * another kind from filling the memory.
 */
const MOST_KINDS = 1_000;

/** Judges licenses one by one, each on its own and against those before it. It keeps the valid ones and every fault. */
export class LicenseChecker {
  readonly licenses: FileLicense[] = [];
  readonly faults: LineFault[] = [];
  readonly #firstWith = new Map<string, number>();
  readonly #sound = new Map<string, FileLicense>();

  /**
   * Judges one license. `customer` is the file's. Most licenses of a file differ only in their serial number, so the
   * rest of them is judged once.
   */
  check(license: OutlinedLicense, texts: LicenseTexts, customer: string | undefined): void {
    const [serialNumber, ...others] = texts;
    const kind = others.join('\0');
    const alike = license.faulty === undefined ? this.#sound.get(kind) : undefined;
    if (alike === undefined || serialNumber === undefined || !this.#isNew(serialNumber)) {
      this.#judge(license, texts, customer, kind);
      return;
    }
    this.#firstWith.set(serialNumber, license.number);
    this.licenses.push({ ...alike, serialNumber });
  }

  #isNew(serialNumber: string): boolean {
    return SERIAL_NUMBER.test(serialNumber) && !this.#firstWith.has(serialNumber);
  }

  #judge(license: OutlinedLicense, texts: LicenseTexts, customer: string | undefined, kind: string): void {
    const written = writtenOf(texts);
    const result = writtenLicense.safeParse(written);
    const refused = new Set(result.error?.issues.map((issue) => issue.path[0]));
    const found: LineFault[] = [];
    const fault = (field: Field, { code, text }: { code: FaultCode; text: string }) => {
      const line = license.lines[FIELDS.indexOf(field)] ?? license.line;
      found.push({ code, place: placeIn(license.number, field, line), line, text });
    };

    for (const field of FIELDS) {
      if (refused.has(field) && !license.faulty?.has(field)) fault(field, valueFault(field, written[field]));
    }
    const sound = (field: Field) => (refused.has(field) || license.faulty?.has(field) ? undefined : written[field]);
    const serialNumber = sound('serialNumber');
    if (serialNumber !== undefined) {
      const first = this.#firstWith.get(serialNumber);
      const text = `The serial number ${quote(serialNumber)} is also in license ${first} of this file.`;
      if (first === undefined) this.#firstWith.set(serialNumber, license.number);
      else fault('serialNumber', { code: 'serial-number-twice', text });
    }
    const [validFrom, expiryDate] = [sound('validFrom'), sound('expiryDate')];
    if (validFrom !== undefined && expiryDate !== undefined && expiryDate < validFrom) {
      fault('expiryDate', {
        code: 'days-reversed',
        text: `The last day of use, ${expiryDate}, is before the first, ${validFrom}.`,
      });
    }
    const own = sound('customer');
    if (own !== undefined && customer !== undefined && own !== customer) {
      fault('customer', {
        code: 'customer-differs',
        text: `The license is for ${quote(own)}, but the file is for ${quote(customer)}.`,
      });
    }

    this.faults.push(...found);
    if (!result.success || found.length > 0) return;
    const read = toLicense(result.data);
    this.licenses.push(read);
    if (this.#sound.size < MOST_KINDS) this.#sound.set(kind, read);
  }
}

function writtenOf(texts: LicenseTexts): Partial<Record<Field, string>> {
  const written: Partial<Record<Field, string>> = {};
  for (const [index, field] of FIELDS.entries()) {
    const text = texts[index];
    if (text !== undefined) written[field] = text;
  }
  return written;
}
