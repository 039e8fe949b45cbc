import { type Refusal, refuse } from './faults.ts';

const ADVICE = 'Save it as UTF-8, or ask the vendor for a file in UTF-8.';

/** Decodes strictly: a byte that is not UTF-8 is a fault, never a replacement character. A byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | Refusal {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(
      'reject:xml',
      'encoding',
      placeOfBadByte(bytes),
      `The file is not in the encoding UTF-8${declared(bytes)}. ${ADVICE}`,
    );
  }
}

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
