import { type FileFault, inFileOrder, MOST_FAULTS, quote, type Refusal, refuse, shorten } from './faults.ts';
import { FIELDS, type Field, LICENSE, LIMITS, ROOT, ROOT_ATTRIBUTES, trimXmlSpace } from './format.ts';
import { PRODUCT_LICENSE_TEXT } from './recognise.ts';
import { checkWellFormed } from './well-formed.ts';

export type LineFault = FileFault & { line: number };

/** Where a license and its elements stand, and what the strict pass read there, by the order of FIELDS. */
export type LicenseOutline = {
  line: number;
  lines: (number | undefined)[];
  texts: (string | undefined)[];
  /** Elements with a fault of structure: their value is not judged a second time. */
  faulty: Set<Field> | undefined;
};

export type FileOutline = {
  attributes: ReadonlyMap<string, string>;
  rootLine: number;
  licenses: readonly LicenseOutline[];
  ignored: readonly string[];
  faults: readonly LineFault[];
};

/** Names that mean something to JavaScript objects: no file needs them, and fast-xml-parser refuses them. */
const RESERVED_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const FIELD_INDEX: ReadonlyMap<string, number> = new Map(FIELDS.map((field, index) => [field, index]));
const NOTHING: readonly undefined[] = FIELDS.map(() => undefined);
const LIKE_LICENSE = /(?:^|:)licen[cs]es?$/i;

/** The place of an element in a fault: license number (as they stand in the file), element, line. */
export function placeIn(license: number, element: string | undefined, line: number): string {
  return element === undefined ? `license ${license}, line ${line}` : `license ${license}, ${element}, line ${line}`;
}

/** Checks well-formedness and shape in one pass, and notes where everything stands. */
export function outline(xml: string): FileOutline | Refusal {
  const attributes = new Map<string, string>();
  const licenses: LicenseOutline[] = [];
  const ignored = new Set<string>();
  const faults: LineFault[] = [];
  let rootLine = 1;
  let ignoredFrom = Number.POSITIVE_INFINITY;
  let field: number | undefined;

  const current = () => licenses.at(-1);
  const placeOf = (element: string | undefined, line: number) =>
    licenses.length === 0 ? `line ${line}` : placeIn(licenses.length, element, line);
  const fault = (code: string, element: string | undefined, line: number, text: string) => {
    faults.push({ code, place: placeOf(element, line), line, text });
  };
  const ignore = (path: string) => {
    if (ignored.size < MOST_FAULTS) ignored.add(path);
  };
  const faultOfField = (code: string, name: Field, line: number, text: string) => {
    const license = current();
    if (license === undefined) return;
    license.faulty ??= new Set();
    license.faulty.add(name);
    fault(code, name, line, text);
  };

  const openRoot = (name: string, line: number): Refusal | undefined => {
    rootLine = line;
    if (name === ROOT) return undefined;
    if (/product.*licen[cs]e/i.test(name))
      return refuse('reject:schema', 'product-license', `line ${line}`, PRODUCT_LICENSE_TEXT);
    const text = `The file begins with the element ${quote(name)} where ${quote(ROOT)} belongs: this is not a license file.`;
    return refuse('reject:schema', 'root-unknown', `line ${line}`, text);
  };
  const openInRoot = (name: string, line: number): Refusal | undefined => {
    if (name === LICENSE) {
      if (licenses.length === LIMITS.licenses) {
        const text = `The file has more than ${LIMITS.licenses} licenses. Ask the vendor to split it.`;
        return refuse('reject:limit', 'too-many-licenses', `line ${line}`, text);
      }
      licenses.push({ line, lines: [...NOTHING], texts: [...NOTHING], faulty: undefined });
      return undefined;
    }
    ignoredFrom = 2;
    if (LIKE_LICENSE.test(name)) {
      const text = `${quote(name)} looks like a license, but only ${quote(LICENSE)} is one. Get the file again from the vendor.`;
      faults.push({ code: 'license-misspelled', place: `line ${line}`, line, text });
    } else ignore(`${ROOT}/${shorten(name)}`);
    return undefined;
  };
  const openInLicense = (name: string, line: number) => {
    field = FIELD_INDEX.get(name);
    const known = field === undefined ? undefined : FIELDS[field];
    const license = current();
    if (field === undefined || known === undefined || license === undefined) {
      ignoredFrom = 3;
      if (name !== LICENSE) ignore(`${ROOT}/${LICENSE}/${shorten(name)}`);
      return;
    }
    if (license.lines[field] !== undefined) {
      faultOfField(
        'element-twice',
        known,
        line,
        `The element ${known} stands here twice; it belongs once in each license.`,
      );
    } else license.lines[field] = line;
  };

  const refusal = checkWellFormed(xml, {
    open(name, depth, line) {
      if (faults.length > MOST_FAULTS) return { verdict: 'reject:schema', faults: inFileOrder(faults) };
      if (RESERVED_NAMES.includes(name)) {
        return refuse(
          'reject:schema',
          'element-reserved',
          placeOf(undefined, line),
          `An element may not be called ${quote(name)}.`,
        );
      }
      if (name === LICENSE && depth > 2) {
        fault(
          'license-nested',
          undefined,
          line,
          'A license stands inside another element. Each belongs directly under licenses.',
        );
      }
      if (depth === 1) return openRoot(name, line);
      if (depth >= ignoredFrom) return undefined;
      if (depth === 2) return openInRoot(name, line);
      if (depth === 3) openInLicense(name, line);
      const known = field === undefined ? undefined : FIELDS[field];
      if (depth === 4 && known !== undefined && !current()?.faulty?.has(known)) {
        faultOfField(
          'element-not-text',
          known,
          line,
          `The element ${known} holds other elements where only text belongs.`,
        );
      }
      return undefined;
    },
    attribute(name, value, depth) {
      if (depth >= ignoredFrom) return;
      const known = depth === 1 && ROOT_ATTRIBUTES.some((attribute) => attribute === name);
      if (known) attributes.set(name, trimXmlSpace(value));
      else if (depth <= 3) ignore(pathOfAttribute(depth, field, name));
    },
    close(depth, text) {
      if (depth === 3 && field !== undefined) {
        const license = current();
        if (license !== undefined) license.texts[field] ??= text;
        field = undefined;
      }
      if (depth === ignoredFrom) ignoredFrom = Number.POSITIVE_INFINITY;
    },
    strayText(depth, line) {
      if (depth > 2 || depth >= ignoredFrom) return;
      fault(
        'stray-text',
        undefined,
        line,
        'Text stands between the elements, where none belongs. Get the file again from the vendor.',
      );
    },
  });
  return refusal ?? { attributes, rootLine, licenses, ignored: [...ignored], faults };
}

function pathOfAttribute(depth: number, field: number | undefined, name: string): string {
  const element = field === undefined ? undefined : FIELDS[field];
  const path = [ROOT, LICENSE, element].slice(0, depth).join('/');
  return `${path}/@${shorten(name)}`;
}
