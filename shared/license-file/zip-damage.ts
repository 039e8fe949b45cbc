import { isAscii, isUtf8 } from 'node:buffer';
import { type FaultCode, isRefusal } from './faults.ts';
import { READ_AS_TEXT, type Recognised } from './recognise.ts';
import { gateZip } from './zip-gate.ts';

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

const DAMAGES = new Set([
  'zip-bytes-after',
  'zip-crc',
  'zip-cut',
  'zip-damaged',
  'zip-data-cut',
  'zip-directory-damaged',
  'zip-directory-moved',
  'zip-header-missing',
  'zip-headers-differ',
  'zip-not-a-file',
  'zip-overlap',
  'zip-several-parts',
  'zip-size',
  'zip-stray-bytes',
]);

/**
 * Returns what a program has made of a zip that was refused as damaged, or undefined when that cannot be seen. The
 * program has read the bytes as text and has written them in another encoding, or with other line ends.
 */
export function recogniseDamage(zip: Buffer, code: FaultCode | undefined): Recognised | undefined {
  if (code === undefined || !DAMAGES.has(code)) return undefined;
  return isText(zip) || hasOtherLineEnds(zip) ? READ_AS_TEXT : undefined;
}

/**
 * Returns whether all bytes are text, which the data of a zip hardly ever are. Bytes that are no letter in the other
 * encoding became U+FFFD or a question mark, often two in a row.
 */
function isText(zip: Buffer): boolean {
  return isUtf8(zip) && (!isAscii(zip) || zip.includes('??'));
}

/** Returns whether the zip is sound when the carriage returns of a transfer in text mode are taken out again. */
function hasOtherLineEnds(zip: Buffer): boolean {
  const before = withoutCarriageReturns(zip);
  return before !== undefined && !isRefusal(gateZip(before));
}

/** Returns the bytes with LF in place of CR LF, or undefined when a line feed stands alone, or none is there. */
function withoutCarriageReturns(bytes: Buffer): Buffer | undefined {
  const result = Buffer.alloc(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === LINE_FEED) {
      if (bytes[at - 1] !== CARRIAGE_RETURN) return undefined;
      length -= 1;
    }
    result[length] = bytes[at] ?? 0;
    length += 1;
  }
  return length < bytes.length ? result.subarray(0, length) : undefined;
}
