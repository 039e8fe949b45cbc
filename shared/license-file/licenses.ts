import { inFileOrder, MOST_FAULTS, quote, type Refusal, refuse } from './faults.ts';
import { FIELDS, type FileLicense, ROOT_ATTRIBUTES, trimXmlSpace } from './format.ts';
import { toLicense, valueFault, writtenLicense, writtenRoot } from './schema.ts';
import { type FileOutline, type LicenseOutline, type LineFault, outline, placeIn } from './structure.ts';
import { type FileValues, readValues } from './values.ts';

export type FileContent = {
  customer: string;
  issued: string;
  licenses: readonly FileLicense[];
  ignored: readonly string[];
};

/**
 * Reads the decoded text. Two parsers read it, a strict one that knows where everything stands and the one that gives the
 * values; a file that they understand differently is refused, so no rule depends on which of them is right.
 */
export function readLicenses(xml: string): FileContent | (Refusal & { ignored: readonly string[] }) {
  const shape = outline(xml);
  if ('verdict' in shape) return { ...shape, ignored: [] };
  const { ignored } = shape;
  const values = readValues(xml);
  const difference = findDifference(shape, values);
  if (difference !== undefined) return { ...difference, ignored };

  const faults: LineFault[] = [...shape.faults];
  const root = readRoot(shape, faults);
  const licenses = readEach(shape, values, faults);
  if (shape.licenses.length === 0 && faults.length === shape.faults.length) {
    faults.push(
      faultAt(
        'no-license',
        `line ${shape.rootLine}`,
        shape.rootLine,
        'The file holds no license. Get the file again from the vendor.',
      ),
    );
  }
  if (faults.length > 0 || root === undefined)
    return { verdict: 'reject:schema', faults: inFileOrder(faults), ignored };
  return { ...root, licenses, ignored };
}

function faultAt(code: string, place: string, line: number, text: string): LineFault {
  return { code, place, line, text };
}

function findDifference(shape: FileOutline, values: FileValues): Refusal | undefined {
  const differ = (place: string): Refusal =>
    refuse(
      'reject:xml',
      'readers-differ',
      place,
      'This place can be read in two ways. Get the file again from the vendor.',
    );
  const sameRoot = ROOT_ATTRIBUTES.every((name) => inOneLine(values[name]) === inOneLine(shape.attributes.get(name)));
  if (!sameRoot || values.licenses.length !== shape.licenses.length) return differ(`line ${shape.rootLine}`);
  for (const [index, license] of shape.licenses.entries()) {
    const read = values.licenses[index];
    const other = FIELDS.findIndex(
      (field, number) => !license.faulty?.has(field) && trimmed(read?.[field]) !== license.texts[number],
    );
    if (other !== -1) return differ(placeIn(index + 1, FIELDS[other], license.lines[other] ?? license.line));
  }
  return undefined;
}

function trimmed(value: unknown): string | undefined {
  return typeof value === 'string' ? trimXmlSpace(value) : undefined;
}

/** XML turns each line break and tab of an attribute into a blank. */
function inOneLine(value: unknown): string | undefined {
  return trimmed(value)?.replace(/[\t\r\n]/g, ' ');
}

function readRoot(shape: FileOutline, faults: LineFault[]): { customer: string; issued: string } | undefined {
  const result = writtenRoot.safeParse({
    customer: shape.attributes.get('customer'),
    issued: shape.attributes.get('issued'),
  });
  if (result.success) return result.data;
  for (const name of ROOT_ATTRIBUTES) {
    if (!result.error.issues.some((issue) => issue.path[0] === name)) continue;
    const { code, text } = valueFault(name, shape.attributes.get(name));
    faults.push(faultAt(code, `licenses, ${name}, line ${shape.rootLine}`, shape.rootLine, text));
  }
  return undefined;
}

function readEach(shape: FileOutline, values: FileValues, faults: LineFault[]): FileLicense[] {
  const customer = shape.attributes.get('customer');
  const firstWith = new Map<string, number>();
  const licenses: FileLicense[] = [];
  for (const [index, place] of shape.licenses.entries()) {
    if (faults.length > MOST_FAULTS) break;
    const read = values.licenses[index];
    const fields = Object.fromEntries(FIELDS.map((field) => [field, trimmed(read?.[field])]));
    const found = checkLicense(fields, place, customer, firstWith, index + 1);
    if (Array.isArray(found)) faults.push(...found);
    else licenses.push(found);
  }
  return licenses;
}

function checkLicense(
  fields: Record<string, string | undefined>,
  place: LicenseOutline,
  customer: string | undefined,
  firstWith: Map<string, number>,
  number: number,
): FileLicense | LineFault[] {
  const faults: LineFault[] = [];
  const fault = (field: (typeof FIELDS)[number], code: string, text: string) => {
    const line = place.lines[FIELDS.indexOf(field)] ?? place.line;
    faults.push(faultAt(code, placeIn(number, field, line), line, text));
  };
  const result = writtenLicense.safeParse(fields);
  const refused = new Set(result.error?.issues.map((issue) => issue.path[0]));
  for (const field of FIELDS) {
    if (!refused.has(field) || place.faulty?.has(field)) continue;
    const { code, text } = valueFault(field, fields[field]);
    fault(field, code, text);
  }
  const sound = (field: (typeof FIELDS)[number]) => !refused.has(field) && !place.faulty?.has(field);
  const { serialNumber, validFrom, expiryDate } = fields;
  if (serialNumber !== undefined && sound('serialNumber')) {
    const first = firstWith.get(serialNumber);
    if (first === undefined) firstWith.set(serialNumber, number);
    else
      fault(
        'serialNumber',
        'serial-number-twice',
        `The serial number ${quote(serialNumber)} is also in license ${first} of this file.`,
      );
  }
  if (
    validFrom !== undefined &&
    expiryDate !== undefined &&
    sound('validFrom') &&
    sound('expiryDate') &&
    expiryDate < validFrom
  ) {
    fault('expiryDate', 'days-reversed', `The last day of use, ${expiryDate}, is before the first, ${validFrom}.`);
  }
  if (
    fields['customer'] !== undefined &&
    customer !== undefined &&
    sound('customer') &&
    fields['customer'] !== customer
  ) {
    fault(
      'customer',
      'customer-differs',
      `The license is for ${quote(fields['customer'])}, but the file is for ${quote(customer)}.`,
    );
  }
  return result.success && faults.length === 0 ? toLicense(result.data) : faults;
}
