import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { LICENSE, ROOT } from './format.ts';

/** Element name to text. */
export type Values = Readonly<Record<string, unknown>>;

const ATTRIBUTE = '@_';

/** Values stay strings as in the file: no numbers, no booleans, and nothing inside them is trimmed. */
const AS_WRITTEN = {
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  attributeNamePrefix: ATTRIBUTE,
  jPath: false,
  // The only setting that decodes both &amp; and &#246;. Other names never get here.
  htmlEntities: true,
  isArray: (name: string) => name === LICENSE,
};
const licenseParser = new XMLParser({ ...AS_WRITTEN, ignoreAttributes: true });
const rootParser = new XMLParser({ ...AS_WRITTEN, ignoreAttributes: false });

/** The callers judge names and values one by one. Copying every record first would cost a tenth of the time. */
const record = z.custom<Values>((value) => typeof value === 'object' && value !== null);
const licensesDocument = z.object({ [ROOT]: z.object({ [LICENSE]: z.array(z.union([record, z.literal('')])) }) });
const rootDocument = z.object({ [ROOT]: z.union([record, z.literal('')]) });

/**
 * Reads the values of well-formed licenses, given as the text of their elements. It reads many at once, but not the
 * whole file, so its memory does not grow with the file. It leaves out what the parser cannot read.
 */
export function readValues(sources: readonly string[]): readonly Values[] {
  const licenses = sources.map((source) => `<${LICENSE}>${source}</${LICENSE}>`).join('');
  const document = licensesDocument.safeParse(parse(licenseParser, `<${ROOT}>${licenses}</${ROOT}>`));
  return document.success ? document.data[ROOT][LICENSE].map((values) => (values === '' ? {} : values)) : [];
}

/**
 * Reads the attributes of the root element from its start tag. A line break or tab as written becomes a blank, as XML
 * 1.0 section 3.3.3 requires. One that is written as a reference stays.
 */
export function readRootValues(tag: string): Values {
  const onOneLine = tag.replace(/[\t\r\n]/g, ' ');
  const element = tag.endsWith('/>') ? onOneLine : `${onOneLine}</${ROOT}>`;
  const document = rootDocument.safeParse(parse(rootParser, element));
  if (!document.success || document.data[ROOT] === '') return {};
  return Object.fromEntries(
    Object.entries(document.data[ROOT]).map(([name, value]) => [name.slice(ATTRIBUTE.length), value]),
  );
}

function parse(parser: XMLParser, xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return undefined;
  }
}
