import { SaxesParser } from 'saxes';
import { wrongEncoding } from './decode.ts';
import { type Refusal, refuse, shorten } from './faults.ts';
import { LIMITS, trimXmlSpace } from './format.ts';

/** What a reader of the document's structure is told. Depth 1 is the root. A listener that answers with a refusal ends the pass. */
export type XmlListener = {
  open(name: string, depth: number, line: number): Refusal | undefined;
  attribute(name: string, value: string, depth: number, line: number): void;
  /** `text` is undefined for an element that holds other elements. */
  close(depth: number, text: string | undefined): void;
  strayText(depth: number, line: number): void;
};

class Stop extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('stop');
    this.refusal = refusal;
  }
}

/**
 * One strict pass over the text: XML 1.0 without DOCTYPE, declared as UTF-8 or not at all, within the limits. The first
 * fault ends it: what a parser makes of the rest of a damaged document is a guess.
 */
export function checkWellFormed(xml: string, listener: XmlListener): Refusal | undefined {
  const parser = new SaxesParser({ xmlns: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  let depth = 0;
  let nodes = 0;
  let attributes = 0;
  let leaf = false;
  let text = '';

  const place = () => `line ${parser.line}`;
  const stop = (refusal: Refusal | undefined) => {
    if (refusal !== undefined) throw new Stop(refusal);
  };
  const limit = (exceeded: boolean, code: string, what: string) => {
    if (exceeded) stop(refuse('reject:limit', code, place(), `${what} Real license files stay far below this limit.`));
  };
  const countNode = () => {
    nodes += 1;
    limit(nodes > LIMITS.nodes, 'too-many-elements', `The file has more than ${LIMITS.nodes} elements and comments.`);
  };
  const limitValue = (value: string) => {
    const tooLong = value.length > LIMITS.valueCharacters && trimXmlSpace(value).length > LIMITS.valueCharacters;
    limit(tooLong, 'value-too-long', `A value is longer than ${LIMITS.valueCharacters} characters.`);
  };
  const endRun = () => {
    if (!leaf && /[^ \t\r\n]/.test(text)) listener.strayText(depth, parser.line);
    text = '';
  };

  parser.on('error', (error) => stop(notWellFormed(error.message, place())));
  parser.on('doctype', () => {
    const advice = 'License files have none: get the file again from the vendor.';
    stop(
      refuse('reject:xml', 'doctype', place(), `The file has a DOCTYPE, which could pull in other content. ${advice}`),
    );
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') stop(wrongEncoding(shorten(encoding)));
  });
  parser.on('opentagstart', ({ name }) => {
    if (depth > 0) {
      leaf = false;
      endRun();
    }
    depth += 1;
    attributes = 0;
    leaf = true;
    countNode();
    limit(depth > LIMITS.depth, 'too-deep', `Elements lie more than ${LIMITS.depth} deep in each other.`);
    stop(listener.open(name, depth, parser.line));
  });
  parser.on('attribute', ({ name, value }) => {
    attributes += 1;
    limit(
      attributes > LIMITS.attributes,
      'too-many-attributes',
      `An element has more than ${LIMITS.attributes} attributes.`,
    );
    limitValue(value);
    listener.attribute(name, value, depth, parser.line);
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('cdata', (piece) => {
    countNode();
    text += piece;
  });
  parser.on('comment', countNode);
  parser.on('processinginstruction', countNode);
  parser.on('closetag', () => {
    if (leaf) limitValue(text);
    listener.close(depth, leaf ? trimXmlSpace(text) : undefined);
    if (leaf) text = '';
    else endRun();
    leaf = false;
    depth -= 1;
  });

  try {
    parser.write(xml).close();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.refusal;
    throw error;
  }
}

function notWellFormed(message: string, place: string): Refusal {
  const reason = shorten(message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  const text = `The file is not well-formed XML (${reason}): it was cut off, or changed by hand. Get the file again from the vendor.`;
  return refuse('reject:xml', 'not-well-formed', place, text);
}
