import { crc32 } from 'node:zlib';
import JSZip from 'jszip';
import { type Refusal, refuse, shorten } from './faults.ts';
import { decodeName, type ZipEntry } from './zip-directory.ts';

declare module 'jszip' {
  /** Documented, but missing from the package's types. */
  interface JSZipObject {
    internalStream(type: 'uint8array'): JSZip.JSZipStreamHelper<Uint8Array>;
  }
}

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
export async function inflateEntry(archive: JSZip, entry: ZipEntry): Promise<Uint8Array | Refusal> {
  const place = `file ${entry.number} of the archive, ${shorten(entry.name)}`;
  const file = Object.values(archive.files).find(({ unsafeOriginalName }) => unsafeOriginalName === entry.name);
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
  return bytes;
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
