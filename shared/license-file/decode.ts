import { type Refusal, refuse, shorten } from './faults.ts';

/** The encoding in an XML declaration, exactly as written (`encoding='utf-16'`), and its line. */
type Declared = { written: string; line: number };

/**
 * Refuses a file in another encoding than UTF-8 and says what to do: which word to change and how to save, or whom to
 * ask. A signed file may not be changed. `isUtf8`: only the declaration is wrong.
 */
function refuseEncoding(place: string, declared: Declared | undefined, isUtf8: boolean, isSigned: boolean): Refusal {
  const saved = isUtf8 ? 'The file is saved in UTF-8' : 'The file is not in UTF-8';
  const says = declared && `line ${declared.line} says ${shorten(declared.written)}`;
  const fault = [saved, ...(says === undefined ? [] : [says])].join(isUtf8 ? ', but ' : ', and ');
  return refuse('reject:xml', 'encoding', place, `${fault}. ${encodingAdvice(declared, isUtf8, isSigned)}`);
}

function encodingAdvice(declared: Declared | undefined, isUtf8: boolean, isSigned: boolean): string {
  if (isSigned) return 'Ask the vendor for a file in UTF-8, since a signed file must not be changed.';
  const change = declared && `Change ${shorten(declared.written)} in line ${declared.line} to encoding="UTF-8"`;
  const vendor = 'or ask the vendor for a file in UTF-8.';
  if (change === undefined) {
    return `Open the file in a program that shows all its letters right, and save it in the encoding UTF-8, ${vendor}`;
  }
  return isUtf8
    ? `${change} and nothing else, ${vendor}`
    : `${change}, and save the file in the encoding UTF-8, ${vendor}`;
}

/**
 * Decodes UTF-8 strictly: an invalid byte is a fault and never becomes a replacement character. Drops a byte order
 * mark, and turns every line end into a line feed, as XML 1.0 section 2.11 requires. Refuses a text that declares
 * another encoding.
 */
export function decodeUtf8(bytes: Uint8Array, isSigned: boolean): string | Refusal {
  const withoutReturns = withLineFeeds(bytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(withoutReturns);
    const declared = findDeclared(text);
    return declared === undefined ? text : refuseEncoding(`line ${declared.line}`, declared, true, isSigned);
  } catch {
    const declared = findDeclared(Buffer.from(withoutReturns.subarray(0, LONGEST_DECLARATION)).toString('latin1'));
    return refuseEncoding(placeOfBadByte(withoutReturns), declared, false, isSigned);
  }
}

/** Returns what to do about a text in UTF-16 or UTF-32, whose declaration names that encoding. */
export function wideTextAdvice(bytes: Uint8Array, isSigned: boolean): string {
  const start = bytes.subarray(0, LONGEST_DECLARATION).filter((byte) => byte !== 0);
  const declared = findDeclared(Buffer.from(start).toString('latin1'));
  return `Only UTF-8 is read. ${encodingAdvice(declared, false, isSigned)}`;
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

/** The most bytes in which the declaration of a file that is not in UTF-8 is looked for. */
const LONGEST_DECLARATION = 4096;

/** Up to four characters of a byte order mark may stand before it. */
const DECLARATION = /^[^<]{0,4}?\s*<\?xml\s[^>]*?(encoding\s*=\s*(["'])([^"'<>]*)\2)/;

/** Returns the encoding that the XML declaration names, if it names another one than UTF-8. */
function findDeclared(text: string): Declared | undefined {
  const [declaration, written = '', , name = ''] = DECLARATION.exec(text) ?? [];
  if (declaration === undefined || name.toLowerCase() === 'utf-8') return undefined;
  return { written, line: declaration.slice(0, -written.length).split(/\r\n?|\n/).length };
}

function placeOfBadByte(bytes: Uint8Array): string {
  const readable = new TextDecoder('utf-8').decode(bytes);
  return `line ${readable.slice(0, readable.indexOf('\uFFFD')).split('\n').length}`;
}
