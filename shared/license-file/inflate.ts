import { crc32, inflateRawSync } from 'node:zlib';
import JSZip from 'jszip';
import { type Refusal, refuse } from './faults.ts';
import { DEFLATED, decodeName, placeOf, type ZipEntry } from './zip-directory.ts';
import { dataStartOf } from './zip-layout.ts';

declare module 'jszip' {
  /** Documented, but missing from the package's types. */
  // biome-ignore lint/style/useConsistentTypeDefinitions: only an interface adds a member to the package's own
  interface JSZipObject {
    internalStream(type: 'uint8array'): JSZip.JSZipStreamHelper<Uint8Array>;
  }
}

declare module 'node:zlib' {
  /** Documented, but missing from the types of Node. */
  function inflateRawSync(
    bytes: Uint8Array,
    options: { info: true; chunkSize: number },
  ): { buffer: Buffer; engine: { bytesWritten: number } };
}

/** The least that zlib takes as the size of a chunk. */
const SMALLEST_CHUNK = 64;
const NEW_ZIP = 'Download the file again, or make a new zip of license.xml.';

/** Opens an archive that has passed the gate. Nothing is inflated yet. Returns a refusal if jszip cannot open it. */
export async function openZip(zip: Buffer): Promise<JSZip | Refusal> {
  try {
    return await JSZip.loadAsync(zip, {
      decodeFileName: (name) => decodeName(Array.isArray(name) ? Buffer.from(name.join(''), 'latin1') : name),
    });
  } catch {
    return refuse('reject:zip', 'zip-damaged', 'archive', `The archive cannot be opened. ${NEW_ZIP}`);
  }
}

/**
 * Inflates one entry, once. It counts the bytes as they come out and stops at the first one beyond the declared size,
 * which the gate has checked against the limit. So a header with a wrong size costs no memory. Then it compares the
 * size and the checksum.
 */
export async function inflateEntry(archive: JSZip, zip: Buffer, entry: ZipEntry): Promise<Uint8Array | Refusal> {
  const place = placeOf(entry);
  const file = Object.values(archive.files).find(({ unsafeOriginalName }) => unsafeOriginalName === entry.shownName);
  if (file === undefined) return refuse('reject:zip', 'zip-two-names', place, `This file has two names. ${NEW_ZIP}`);
  const bytes = new Uint8Array(entry.size);
  const length = await inflateInto(file, bytes);
  if (length !== entry.size) {
    return refuse(
      'reject:zip',
      'zip-size',
      place,
      `This file is not as long as its header says, or is damaged. ${NEW_ZIP}`,
    );
  }
  if (crc32(bytes) !== entry.crc) {
    return refuse('reject:zip', 'zip-crc', place, `This file is damaged: its check sum is wrong. ${NEW_ZIP}`);
  }
  if (entry.method === DEFLATED && lengthOfStream(zip, entry) !== entry.packedSize) {
    const text = `The data of this file do not end where the archive says. ${NEW_ZIP}`;
    return refuse('reject:zip', 'zip-stray-bytes', place, text);
  }
  return bytes;
}

/**
 * Returns how many packed bytes the data of a sound entry take, or undefined when they have no end. jszip does not
 * show it.
 */
function lengthOfStream(zip: Buffer, entry: ZipEntry): number | undefined {
  const start = dataStartOf(zip, entry);
  const packed = zip.subarray(start, start + entry.packedSize);
  try {
    return inflateRawSync(packed, { info: true, chunkSize: entry.size + SMALLEST_CHUNK }).engine.bytesWritten;
  } catch {
    return undefined;
  }
}

/** Returns the number of bytes that came out, or undefined when they do not fit or are damaged. */
function inflateInto(file: JSZip.JSZipObject, bytes: Uint8Array): Promise<number | undefined> {
  return new Promise((resolve) => {
    // Not `nodeStream`, which wraps this stream in one of Node's and adds a tenth to the time of a small file.
    const stream = file.internalStream('uint8array');
    let length = 0;
    stream.on('data', (chunk) => {
      if (length + chunk.length <= bytes.length) bytes.set(chunk, length);
      else stream.pause();
      length += chunk.length;
      if (length > bytes.length) resolve(undefined);
    });
    stream.on('error', () => resolve(undefined));
    stream.on('end', () => resolve(length));
    stream.resume();
  });
}
