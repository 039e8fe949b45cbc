import { inFileOrder, MOST_FAULTS, type Refusal, refuse } from './faults.ts';
import { FIELDS, type FileLicense, ROOT_ATTRIBUTES, trimXmlSpace } from './format.ts';
import { checkRoot, LicenseChecker } from './license-rules.ts';
import { writtenRoot } from './schema.ts';
import { type LineFault, type OutlinedLicense, type OutlinedRoot, outline, placeIn } from './structure.ts';
import { readRootValues, readValues, type Values } from './values.ts';

export type FileContent = {
  customer: string;
  issued: string;
  licenses: readonly FileLicense[];
  ignored: readonly string[];
};

const AT_ONCE = 250;

/**
 * Reads the decoded text. Two parsers read it: a strict one judges whether it is well-formed, and knows the place of
 * everything; fast-xml-parser gives the values that are judged and imported. A file that they read differently is
 * refused, so no rule depends on which of them is right.
 */
export function readLicenses(xml: string): FileContent | (Refusal & { ignored: readonly string[] }) {
  const checker = new LicenseChecker();
  const waiting: OutlinedLicense[] = [];

  const readWaiting = (root: OutlinedRoot): Refusal | undefined => {
    // A fault in the file's customer is reported once, not for each license.
    const customer = writtenRoot.shape.customer.safeParse(rootOf(root).attributes.get('customer')).data;
    const values = readValues(waiting.map(({ source }) => source));
    for (const [index, license] of waiting.entries()) {
      const read = values[index] ?? {};
      const difference = findDifference(license, read);
      if (difference !== undefined) return difference;
      checker.check({ ...license, texts: FIELDS.map((field) => textOf(read[field])) }, customer);
      if (checker.faults.length > MOST_FAULTS) return { verdict: 'reject:schema', faults: inFileOrder(checker.faults) };
    }
    waiting.length = 0;
    return undefined;
  };

  const shape = outline(xml, (license, root) => {
    waiting.push(license);
    return waiting.length < AT_ONCE ? undefined : readWaiting(root);
  });
  if ('verdict' in shape) return { ...shape, ignored: [] };
  const { ignored } = shape;
  const difference = findRootDifference(shape.root) ?? (waiting.length > 0 ? readWaiting(shape.root) : undefined);
  if (difference !== undefined) return { ...difference, ignored };

  const root = checkRoot(rootOf(shape.root));
  const rootFaults = Array.isArray(root) ? root : [];
  const faults: LineFault[] = [...rootFaults, ...shape.faults, ...checker.faults];
  if (shape.licenses === 0 && faults.length === 0) {
    const { line } = shape.root;
    faults.push({
      code: 'no-license',
      place: `line ${line}`,
      line,
      text: 'The file holds no license. Get the file again from the vendor.',
    });
  }
  if (faults.length > 0 || Array.isArray(root))
    return { verdict: 'reject:schema', faults: inFileOrder(faults), ignored };
  return { ...root, licenses: checker.licenses, ignored };
}

function differ(place: string): Refusal {
  return refuse(
    'reject:xml',
    'readers-differ',
    place,
    'This place can be read in two ways. Get the file again from the vendor.',
  );
}

function findRootDifference({ source, attributes, line }: OutlinedRoot): Refusal | undefined {
  const values = readRootValues(source);
  const same = ROOT_ATTRIBUTES.every((name) => inOneLine(values[name]) === inOneLine(attributes.get(name)));
  return same ? undefined : differ(`licenses, line ${line}`);
}

function findDifference(license: OutlinedLicense, values: Values): Refusal | undefined {
  for (const [index, field] of FIELDS.entries()) {
    if (license.faulty?.has(field) || textOf(values[field]) === license.texts[index]) continue;
    return differ(placeIn(license.number, field, license.lines[index] ?? license.line));
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? trimXmlSpace(value) : undefined;
}

/**
 * Returns the root with the attributes as fast-xml-parser reads them. It leaves line breaks to its caller: XML reads one
 * that is written as it is as a blank, and one that is written as a reference as a line break, and the strict pass knows.
 */
function rootOf({ source, line, attributes: strict }: OutlinedRoot): OutlinedRoot {
  const values = readRootValues(source);
  const attributes = ROOT_ATTRIBUTES.flatMap((name) => {
    const read = textOf(values[name]);
    const value = read !== undefined && /[\t\r\n]/.test(read) ? strict.get(name) : read;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { source, line, attributes: new Map(attributes) };
}

/** Returns the value of an attribute as XML defines it: each line break and each tab becomes a blank. */
function inOneLine(value: unknown): string | undefined {
  return typeof value === 'string' ? trimXmlSpace(value).replace(/[\t\r\n]/g, ' ') : undefined;
}
