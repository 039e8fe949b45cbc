import { inFileOrder, isRefusal, MOST_FAULTS, type Refusal, refuse } from './faults.ts';
import { FIELDS, type FileLicense, ROOT_ATTRIBUTES, trimXmlSpace } from './format.ts';
import { checkRoot, LicenseChecker, type LicenseTexts, type RootTexts } from './license-rules.ts';
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
    const rootTexts = readRoot(root);
    if (isRefusal(rootTexts)) return rootTexts;
    // A fault in the file's customer is reported once, not for each license.
    const customer = writtenRoot.shape.customer.safeParse(rootTexts.customer).data;
    const values = readValues(waiting.map(({ source }) => source));
    for (const [index, license] of waiting.entries()) {
      const texts = readTexts(license, values[index] ?? {});
      if (isRefusal(texts)) return texts;
      checker.check(license, texts, customer);
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
  const rootTexts = readRoot(shape.root);
  if (isRefusal(rootTexts)) return { ...rootTexts, ignored };
  const refusal = waiting.length > 0 ? readWaiting(shape.root) : undefined;
  if (refusal !== undefined) return { ...refusal, ignored };

  const root = checkRoot(rootTexts, shape.root.line);
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

/** Returns what fast-xml-parser reads of the root, or a refusal if saxes reads it differently. */
function readRoot({ source, attributes, line }: OutlinedRoot): RootTexts | Refusal {
  const values = readRootValues(source);
  const texts: RootTexts = {};
  for (const name of ROOT_ATTRIBUTES) {
    const text = textOf(values[name]);
    if (text !== attributes.get(name)) return differ(`licenses, line ${line}`);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

/** Returns what fast-xml-parser reads of a license, or a refusal if saxes reads it differently. */
function readTexts(license: OutlinedLicense, values: Values): LicenseTexts | Refusal {
  const texts = FIELDS.map((field) => textOf(values[field]));
  for (const [index, field] of FIELDS.entries()) {
    if (license.faulty?.has(field) || texts[index] === license.texts[index]) continue;
    return differ(placeIn(license.number, field, license.lines[index] ?? license.line));
  }
  return texts;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? trimXmlSpace(value) : undefined;
}
