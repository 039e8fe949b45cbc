import {
  type FaultCode,
  type FileFault,
  inFileOrder,
  MOST_FAULTS,
  quote,
  type Refusal,
  refuse,
  shorten,
} from './faults.ts';
import { FIELDS, type Field, LICENSE, LIMITS, ROOT, ROOT_ATTRIBUTES, trimXmlSpace } from './format.ts';
import { PRODUCT_LICENSE_TEXT } from './recognise.ts';
import { checkWellFormed, type Place } from './well-formed.ts';

export type LineFault = FileFault & { line: number };

/** One license as the strict pass saw it. `lines` and `texts` are in the order of FIELDS. */
export type OutlinedLicense = {
  number: number;
  line: number;
  lines: (number | undefined)[];
  texts: (string | undefined)[];
  /** The elements that the format defines, cut out of the file unchanged but for processing instructions. */
  source: string;
  /** Elements with a fault of structure. Their values are not judged again. */
  faulty: Set<Field> | undefined;
};

export type OutlinedRoot = { line: number; source: string; attributes: ReadonlyMap<string, string> };
export type Outline = {
  root: OutlinedRoot;
  licenses: number;
  ignored: readonly string[];
  faults: readonly LineFault[];
};
export type LicenseReader = (license: OutlinedLicense, root: OutlinedRoot) => Refusal | undefined;

/** Names with a meaning for JavaScript objects. No file needs them, and fast-xml-parser refuses them. */
const RESERVED_NAMES: readonly string[] = ['__proto__', 'constructor', 'prototype'];
const FIELD_INDEX: ReadonlyMap<string, number> = new Map(FIELDS.map((field, index) => [field, index]));
const NOTHING: readonly undefined[] = FIELDS.map(() => undefined);
const LIKE_LICENSE = /(?:^|:)licen[cs]es?$/i;
const NONE = Number.POSITIVE_INFINITY;

/** Returns the place of an element for a fault: the license's number in the file, the element, the line. */
export function placeIn(license: number, element: string | undefined, line: number): string {
  return element === undefined ? `license ${license}, line ${line}` : `license ${license}, ${element}, line ${line}`;
}

/** Checks well-formedness and shape in one pass, and passes each license to `read` when it ends. */
export function outline(xml: string, read: LicenseReader): Outline | Refusal {
  const reader = new StructureReader(xml, read);
  const refusal = checkWellFormed(xml, reader);
  return refusal ?? reader.outline();
}

class StructureReader {
  readonly #xml: string;
  readonly #read: LicenseReader;
  readonly #attributes = new Map<string, string>();
  readonly #ignored = new Set<string>();
  readonly #faults: LineFault[] = [];
  #root: OutlinedRoot = { line: 1, source: '', attributes: this.#attributes };
  #licenses = 0;
  #license: OutlinedLicense | undefined;
  #field: number | undefined;
  #start = 0;
  /** The element that is being read, up to here, without the processing instructions in it. */
  #source = '';
  #ignoredFrom = NONE;

  constructor(xml: string, read: LicenseReader) {
    this.#xml = xml;
    this.#read = read;
  }

  outline(): Outline {
    return { root: this.#root, licenses: this.#licenses, ignored: [...this.#ignored], faults: this.#faults };
  }

  open(name: string, { depth, line, end }: Place): Refusal | undefined {
    if (this.#faults.length > MOST_FAULTS) return { verdict: 'reject:schema', faults: inFileOrder(this.#faults) };
    if (RESERVED_NAMES.includes(name)) {
      return refuse(
        'reject:schema',
        'element-reserved',
        this.#placeOf(undefined, line),
        `An element may not be called ${quote(name)}.`,
      );
    }
    if (name === LICENSE && depth > 2) {
      this.#fault(
        'license-nested',
        line,
        'A license is inside another element. Every license belongs directly under licenses.',
      );
    }
    if (depth >= this.#ignoredFrom) return undefined;
    if (depth <= 3) this.#start = this.#xml.lastIndexOf('<', end - 1);
    this.#source = '';
    if (depth === 1) return openRoot(name, line);
    if (depth === 2) return this.#openInRoot(name, line);
    if (depth === 3) this.#openInLicense(name, line);
    if (depth === 4) {
      this.#faultOfField(
        'element-not-text',
        line,
        (field) => `The element ${field} holds other elements where only text belongs.`,
      );
    }
    return undefined;
  }

  attribute(name: string, value: string, { depth }: Place): void {
    if (depth >= this.#ignoredFrom || depth > 3) return;
    if (isRootAttribute(name, depth)) {
      this.#attributes.set(name, trimXmlSpace(value));
      return;
    }
    const element = this.#field === undefined ? undefined : FIELDS[this.#field];
    const path = [ROOT, LICENSE, element].slice(0, depth).join('/');
    this.#ignore(`${path}/@${shorten(name)}`);
  }

  opened({ depth, line, end }: Place): Refusal | undefined {
    if (depth !== 1) return undefined;
    if (end - this.#start > LIMITS.rootTagCharacters) {
      return refuse(
        'reject:limit',
        'tag-too-long',
        `line ${line}`,
        `The first tag is longer than ${LIMITS.rootTagCharacters} characters.`,
      );
    }
    this.#root = { line, source: this.#xml.slice(this.#start, end), attributes: this.#attributes };
    return undefined;
  }

  isIgnored(attribute: string | undefined, { depth }: Place): boolean {
    const isUnknown = attribute !== undefined && !isRootAttribute(attribute, depth);
    return isUnknown || depth >= this.#ignoredFrom;
  }

  /** Processing instructions may stand anywhere and say nothing about licenses, so they are cut out. */
  instruction(start: number, { end }: Place): void {
    if (this.#field === undefined || start < this.#start) return;
    this.#source += this.#xml.slice(this.#start, start);
    this.#start = end;
  }

  close(text: string | undefined, { depth, line, end }: Place): Refusal | undefined {
    if (depth === this.#ignoredFrom) {
      this.#ignoredFrom = NONE;
      return undefined;
    }
    if (depth > this.#ignoredFrom) return undefined;
    if (depth === 3) return this.#closeField(text, line, end);
    const license = this.#license;
    if (depth !== 2 || license === undefined) return undefined;
    this.#license = undefined;
    return this.#read(license, this.#root);
  }

  strayText(text: string, { depth, line }: Place): void {
    if (depth > 2 || depth >= this.#ignoredFrom) return;
    this.#fault(
      'stray-text',
      line,
      `There is text between the elements (${quote(text)}), where no text belongs. Get the file again from the vendor.`,
    );
  }

  #openInRoot(name: string, line: number): Refusal | undefined {
    if (name === LICENSE) {
      if (this.#licenses === LIMITS.licenses) {
        const text = `The file has more than ${LIMITS.licenses} licenses. Ask the vendor to split it.`;
        return refuse('reject:limit', 'too-many-licenses', `line ${line}`, text);
      }
      this.#licenses += 1;
      const number = this.#licenses;
      this.#license = { number, line, lines: [...NOTHING], texts: [...NOTHING], source: '', faulty: undefined };
      return undefined;
    }
    this.#ignoredFrom = 2;
    if (LIKE_LICENSE.test(name.replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, ''))) {
      const text = `${quote(name)} looks like a license, but only ${quote(LICENSE)} is one. Get the file again from the vendor.`;
      this.#faults.push({ code: 'license-misspelled', place: `line ${line}`, line, text });
    } else this.#ignore(`${ROOT}/${shorten(name)}`);
    return undefined;
  }

  #openInLicense(name: string, line: number): void {
    const field = FIELD_INDEX.get(name);
    this.#field = field;
    const license = this.#license;
    if (field === undefined || license === undefined) {
      this.#ignoredFrom = 3;
      if (name !== LICENSE) this.#ignore(`${ROOT}/${LICENSE}/${shorten(name)}`);
    } else if (license.lines[field] === undefined) license.lines[field] = line;
    else
      this.#faultOfField(
        'element-twice',
        line,
        (twice) => `The element ${twice} appears twice. It belongs once in each license.`,
      );
  }

  #closeField(text: string | undefined, line: number, end: number): Refusal | undefined {
    const field = this.#field;
    const license = this.#license;
    this.#field = undefined;
    if (field === undefined || license === undefined) return undefined;
    const name = FIELDS[field];
    const source = this.#source + this.#xml.slice(this.#start, end);
    if (source.length > LIMITS.writtenValueCharacters) {
      const what = `The element ${name} takes more than ${LIMITS.writtenValueCharacters} characters with its tags and blanks.`;
      return refuse('reject:limit', 'value-too-long', placeIn(license.number, name, line), what);
    }
    if (name === undefined || license.faulty?.has(name)) return undefined;
    license.texts[field] = text;
    license.source += source;
    return undefined;
  }

  #placeOf(element: string | undefined, line: number): string {
    return this.#license === undefined ? `line ${line}` : placeIn(this.#license.number, element, line);
  }

  #fault(code: FaultCode, line: number, text: string, element?: string): void {
    this.#faults.push({ code, place: this.#placeOf(element, line), line, text });
  }

  #faultOfField(code: FaultCode, line: number, text: (field: Field) => string): void {
    const field = this.#field === undefined ? undefined : FIELDS[this.#field];
    if (field === undefined || this.#license === undefined || this.#license.faulty?.has(field)) return;
    this.#license.faulty ??= new Set();
    this.#license.faulty.add(field);
    this.#fault(code, line, text(field), field);
  }

  #ignore(path: string): void {
    if (this.#ignored.size < MOST_FAULTS) this.#ignored.add(path);
  }
}

function isRootAttribute(name: string, depth: number): boolean {
  return depth === 1 && ROOT_ATTRIBUTES.some((attribute) => attribute === name);
}

function openRoot(name: string, line: number): Refusal | undefined {
  if (name === ROOT) return undefined;
  if (/product.*licen[cs]e/i.test(name))
    return refuse('reject:schema', 'product-license', `line ${line}`, PRODUCT_LICENSE_TEXT);
  const text = `The file begins with the element ${quote(name)} where ${quote(ROOT)} belongs: this is not a license file.`;
  return refuse('reject:schema', 'root-unknown', `line ${line}`, text);
}
