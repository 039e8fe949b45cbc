import { type Refusal, refuse } from './faults.ts';

/**
 * Returns what to do about an encoding: which word to change and how to save, or only whom to ask where a change by hand
 * would break a signature.
 */
export function encodingAdvice(declared: string | undefined, isSaved: boolean, isSigned: boolean): string {
  if (isSigned) return 'Ask the vendor for a file in UTF-8: a signed file must not be changed.';
  const word = `change encoding="${declared}" in line 1 to encoding="UTF-8"`;
  const steps = [declared === undefined ? [] : word, isSaved ? [] : 'save the file in the encoding UTF-8'].flat();
  const text = `${steps.join(', and ')}, or ask the vendor for a file in UTF-8.`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/**
 * Decodes UTF-8 strictly: an invalid byte is a fault and never becomes a replacement character. Drops a byte order
 * mark, and turns every line end into a line feed, as XML 1.0 section 2.11 requires. Refuses a text that declares another
 * encoding.
 */
export function decodeUtf8(bytes: Uint8Array, isSigned: boolean): string | Refusal {
  const declared = declaredEncoding(Buffer.from(bytes.subarray(0, LONGEST_DECLARATION)).toString('latin1'));
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(withLineFeeds(bytes));
    return declared === undefined ? text : wrongEncoding(declared, isSigned);
  } catch {
    const advice = encodingAdvice(declared, false, isSigned);
    const other = declared === undefined ? '' : `, but in ${declared}`;
    const text = `The file is not in the encoding UTF-8${other}. ${advice}`;
    return refuse('reject:xml', 'encoding', placeOfBadByte(bytes), text);
  }
}

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/** Replaces line ends byte by byte, so that a file of nothing but carriage returns costs no more than another. */
function withLineFeeds(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CARRIAGE_RETURN)) return bytes;
  const result = new Uint8Array(bytes.length);
  let length = 0;
  for (const [at, byte] of bytes.entries()) {
    if (byte === CARRIAGE_RETURN && bytes[at + 1] === LINE_FEED) continue;
    result[length] = byte === CARRIAGE_RETURN ? LINE_FEED : byte;
    length += 1;
  }
  return result.subarray(0, length);
}

/** Returns the refusal of a text in UTF-8 that declares another encoding. */
export function wrongEncoding(declared: string, isSigned = false): Refusal {
  const advice = encodingAdvice(declared, true, isSigned);
  const text = `Line 1 says encoding="${declared}", but only UTF-8 is read, and the file is saved in it. ${advice}`;
  return refuse('reject:xml', 'encoding', 'line 1', text);
}

/** The most characters in which a declaration is looked for. */
export const LONGEST_DECLARATION = 300;

/** Returns the encoding that the XML declaration names, if it names another one than UTF-8. */
export function declaredEncoding(start: string): string | undefined {
  const [, encoding] = DECLARED.exec(start) ?? [];
  return encoding === undefined || encoding.toLowerCase() === 'utf-8' ? undefined : encoding;
}

const DECLARED =
  /^(?:\u00ef\u00bb\u00bf|\ufeff)?\s*<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["']/;

function placeOfBadByte(bytes: Uint8Array): string {
  const readable = new TextDecoder('utf-8').decode(bytes);
  return `line ${readable.slice(0, readable.indexOf('\uFFFD')).split('\n').length}`;
}
