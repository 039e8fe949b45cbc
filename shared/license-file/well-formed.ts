import { SaxesParser } from 'saxes';
import { beginning } from '../licensing/beginning.ts';
import { type FaultCode, quote, type Refusal, refuse, shorten } from './faults.ts';
import { LIMITS, trimXmlSpace } from './format.ts';

/**
 * The place of a tag or text. `end` is the index behind it, and the root has depth 1. It is valid only while the
 * listener is called.
 */
export type Place = { readonly depth: number; readonly line: number; readonly end: number };

/** Receives the structure of the document. A listener that returns a refusal ends the pass. */
export type XmlListener = {
  open(name: string, place: Place): Refusal | undefined;
  attribute(name: string, value: string, place: Place): void;
  opened(place: Place): Refusal | undefined;
  /** A processing instruction from `start` to the place's end. */
  instruction(start: number, place: Place): void;
  /** Returns whether the format does not define the element, or this attribute of it, so that its value is not read. */
  isIgnored(attribute: string | undefined, place: Place): boolean;
  /** `text` is undefined for an element that holds other elements. */
  close(text: string | undefined, place: Place): Refusal | undefined;
  strayText(text: string, place: Place): void;
};

class Stop extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super('stop');
    this.refusal = refusal;
  }
}

/**
 * Checks the text in one strict pass: XML 1.0 without DOCTYPE, declared as UTF-8 or without a declared encoding, within
 * the limits. The first fault ends the pass, since what a parser makes of the rest of a damaged document is a guess.
 */
export function checkWellFormed(xml: string, listener: XmlListener): Refusal | undefined {
  const parser = new SaxesParser({ xmlns: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  let depth = 0;
  let nodes = 0;
  let rootSeen = false;
  let attributes = 0;
  let leaf = false;
  let text = '';

  // One object for all places: otherwise a file of 20,000 licenses would create a million of them.
  const here = { depth: 0, line: 1, end: 0 };
  const place = (): Place => {
    here.depth = depth;
    here.line = parser.line;
    here.end = parser.position;
    return here;
  };
  const stop = (refusal: Refusal | undefined) => {
    if (refusal !== undefined) throw new Stop(refusal);
  };
  const limit = (exceeded: boolean, code: FaultCode, what: string) => {
    if (!exceeded) return;
    stop(refuse('reject:limit', code, `line ${parser.line}`, `${what} Real license files stay far below this limit.`));
  };
  const countNode = (weight = 1) => {
    nodes += weight;
    limit(nodes > LIMITS.nodes, 'too-many-elements', `The file has more than ${LIMITS.nodes} elements and comments.`);
  };
  const limitValue = (value: string, attribute?: string) => {
    if (value.length <= LIMITS.valueCharacters) return;
    const most = listener.isIgnored(attribute, place()) ? LIMITS.ignoredValueCharacters : LIMITS.valueCharacters;
    limit(trimXmlSpace(value).length > most, 'value-too-long', `A value is longer than ${most} characters.`);
  };
  /** Behind the last markup: what follows is text, up to the next markup. */
  let textFrom = 0;
  const passed = () => {
    textFrom = parser.position;
  };
  const endText = () => {
    if (text === '') return;
    if (/[^ \t\r\n]/.test(text)) listener.strayText(trimXmlSpace(text), place());
    text = '';
  };

  parser.on('error', ({ message }) => {
    stop(notWellFormed(message, parser.line, stoppedAt(message, xml, parser.position)));
  });
  parser.on('doctype', () => stop(refuseDoctype(parser.line)));
  parser.on('xmldecl', passed);
  parser.on('opentagstart', ({ name }) => {
    if (depth > 0) endText();
    if (depth === 0 && rootSeen) stop(notWellFormed('an element behind the end of the root', parser.line));
    rootSeen = true;
    depth += 1;
    attributes = 0;
    leaf = true;
    countNode();
    limit(depth > LIMITS.depth, 'too-deep', `Elements are nested more than ${LIMITS.depth} levels deep.`);
    stop(listener.open(name, place()));
  });
  parser.on('attribute', ({ name, value }) => {
    attributes += 1;
    limit(
      attributes > LIMITS.attributes,
      'too-many-attributes',
      `An element has more than ${LIMITS.attributes} attributes.`,
    );
    limitValue(value, name);
    listener.attribute(name, value, place());
  });
  parser.on('opentag', () => {
    passed();
    stop(listener.opened(place()));
  });
  parser.on('text', (piece) => {
    text += piece;
  });
  parser.on('cdata', (piece) => {
    countNode();
    text += piece;
    passed();
  });
  parser.on('comment', () => {
    countNode();
    passed();
  });
  parser.on('processinginstruction', ({ target, body }) => {
    countNode(1 + body.length);
    const start = xml.indexOf('<?', textFrom);
    // saxes takes a question mark behind the name for the beginning of the content.
    if (!/^(?:\?>|\s)/.test(xml.slice(start + 2 + target.length, start + 4 + target.length))) {
      stop(notWellFormed('a blank is missing in a processing instruction', parser.line));
    }
    listener.instruction(start, place());
    passed();
  });
  parser.on('closetag', () => {
    passed();
    if (leaf) {
      limitValue(text);
      stop(listener.close(trimXmlSpace(text), place()));
      text = '';
    } else {
      endText();
      stop(listener.close(undefined, place()));
    }
    leaf = false;
    depth -= 1;
  });

  try {
    stop(tooManyMarks(xml));
    // A DOCTYPE is refused where it begins. Reading it to its end could cost any amount of memory.
    const doctype = xml.indexOf('<!DOCTYPE');
    if (doctype !== -1) parser.write(xml.slice(0, doctype));
    if (doctype !== -1 && !rootSeen) stop(refuseDoctype(parser.line));
    parser.write(doctype === -1 ? xml : xml.slice(doctype)).close();
    return undefined;
  } catch (error) {
    if (error instanceof Stop) return error.refusal;
    throw error;
  }
}

function refuseDoctype(line: number): Refusal {
  const advice = 'License files have none: get the file again from the vendor.';
  return refuse(
    'reject:xml',
    'doctype',
    `line ${line}`,
    `The file has a DOCTYPE, which could pull in other content. ${advice}`,
  );
}

function tooManyMarks(xml: string): Refusal | undefined {
  for (const mark of ['-', ']']) {
    let count = 0;
    for (let at = xml.indexOf(mark); at !== -1; at = xml.indexOf(mark, at + 1)) count += 1;
    if (count <= LIMITS.marks) continue;
    const text = `The file has more than ${LIMITS.marks} of the character "${mark}". Real license files stay far below this limit.`;
    return refuse('reject:limit', 'too-many-marks', 'file', text);
  }
  return undefined;
}

/** Returns the text or character at which the parser stopped, for the faults whose cause one may not see. */
function stoppedAt(message: string, xml: string, position: number): string {
  if (message.includes('outside of root')) {
    const text = xml.slice(xml.lastIndexOf('>', position - 2) + 1, position).replace(/<$/, '');
    return `: ${quote(beginning(trimXmlSpace(text), 20))}`;
  }
  const [character = ''] = [...xml.slice(position - 2, position)].slice(-1);
  return /character|whitespace|unquoted/.test(message) && /[^\t\n -~]/.test(character) ? `: ${quote(character)}` : '';
}

function notWellFormed(message: string, line: number, stopped = ''): Refusal {
  const reason = shorten(message.replace(/^\d+:\d+: /, '').replace(/\.$/, ''));
  const text = `The file is not well-formed XML (${reason}${stopped}): it was cut off, or changed by hand. Get the file again from the vendor.`;
  return refuse('reject:xml', 'not-well-formed', `line ${line}`, text);
}
