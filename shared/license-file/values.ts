import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { FIELDS, LICENSE, ROOT } from './format.ts';

export type FileValues = {
  customer: unknown;
  issued: unknown;
  /** One record per license, in the file's order: element name to text. */
  licenses: readonly Readonly<Record<string, unknown>>[];
};

const PREFIX = '@_';
const CUSTOMER = `${PREFIX}customer` as const;
const ISSUED = `${PREFIX}issued` as const;
/** The elements that are kept, with the depth at which they belong (a name may contain a dot). */
const KEPT: ReadonlyMap<string, number> = new Map([
  [ROOT, 1],
  [`${ROOT}.${LICENSE}`, 2],
  ...FIELDS.map((field): [string, number] => [`${ROOT}.${LICENSE}.${field}`, 3]),
]);
const FIELD_NAMES: ReadonlySet<string> = new Set(FIELDS);

/**
 * Values stay the strings they are in the file: no numbers, no booleans, nothing trimmed inside. Elements that the format
 * does not know are dropped as they are met, so that a file full of them costs no memory.
 */
const parser = new XMLParser({
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // The only setting with which both &amp; and &#246; are decoded; other names never get here.
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  attributeNamePrefix: PREFIX,
  jPath: false,
  isArray: (name) => name === LICENSE,
  ignoreAttributes: (_name, path) => typeof path !== 'string' && path.getDepth() > 1,
  tagValueProcessor: (name, value) => (FIELD_NAMES.has(name) ? value : ''),
  updateTag: (_name, path) => typeof path !== 'string' && KEPT.get(path.toString()) === path.getDepth(),
});

const document = z.object({
  [ROOT]: z.union([
    z.object({
      [CUSTOMER]: z.optional(z.unknown()),
      [ISSUED]: z.optional(z.unknown()),
      [LICENSE]: z.optional(z.array(z.unknown())),
    }),
    z.string(),
  ]),
});

/** Reads the values of a document that is known to be well formed, with the root `licenses`. */
export function readValues(xml: string): FileValues {
  const root = document.parse(parser.parse(xml))[ROOT];
  if (typeof root === 'string') return { customer: undefined, issued: undefined, licenses: [] };
  const licenses = (root[LICENSE] ?? []).map((license) => (isRecord(license) ? license : {}));
  return { customer: root[CUSTOMER], issued: root[ISSUED], licenses };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
