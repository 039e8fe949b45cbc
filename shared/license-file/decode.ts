import { type Refusal, refuse } from './faults.ts';

const ADVICE = 'Save it as UTF-8, or ask the vendor for a file in UTF-8.';

/**
 * Decodes UTF-8 strictly: an invalid byte is a fault and never becomes a replacement character. Drops a byte order
 * mark, and turns every line end into a line feed, as XML 1.0 section 2.11 requires.
 */
export function decodeUtf8(bytes: Uint8Array): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(withLineFeeds(bytes));
  } catch {
    return refuse(
      'reject:xml',
      'encoding',
      placeOfBadByte(bytes),
      `The file is not in the encoding UTF-8${declared(bytes)}. ${ADVICE}`,
    );
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

/** Returns the refusal of a file that declares another encoding than UTF-8. */
export function wrongEncoding(name: string): Refusal {
  const text = `The file declares the encoding ${name}; only UTF-8 is read. ${ADVICE}`;
  return refuse('reject:xml', 'encoding', 'line 1', text);
}

function declared(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const encoding = /^<\?xml[^>]{0,100}\sencoding=["']([A-Za-z0-9._-]{1,40})["']/.exec(start)?.[1];
  return encoding === undefined || encoding.toLowerCase() === 'utf-8' ? '' : `, but in ${encoding}`;
}

function placeOfBadByte(bytes: Uint8Array): string {
  const readable = new TextDecoder('utf-8').decode(bytes);
  return `line ${readable.slice(0, readable.indexOf('\uFFFD')).split('\n').length}`;
}
