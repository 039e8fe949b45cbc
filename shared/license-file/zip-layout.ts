import { type Refusal, refuse, shorten } from './faults.ts';
import { LOCAL_SIGNATURE, readExtras, ZIP64_TEXT, type ZipDirectory, type ZipEntry } from './zip-directory.ts';

const HAS_DESCRIPTOR = 0x0008;
const DESCRIPTOR_SIGNATURE = 0x08074b50;

/**
 * Checks the layout of an archive. Every file in it has two headers: one in the directory, one before its data. They
 * must agree, and the files must follow one another from the first byte to the directory, with nothing before them,
 * between them or shared.
 */
export function checkZipLayout(zip: Buffer, { entries, start }: ZipDirectory): Refusal | undefined {
  let position = 0;
  for (const entry of entries.toSorted((one, other) => one.localHeader - other.localHeader)) {
    if (entry.localHeader > position) return stray();
    if (entry.localHeader < position) {
      return differs(entry, 'zip-overlap', 'overlaps another file in the archive');
    }
    const end = endOfEntry(zip, entry, start);
    if (typeof end !== 'number') return end;
    position = end;
  }
  return position === start ? undefined : stray();
}

function stray(): Refusal {
  const text = 'The archive has extra bytes before or between its files. Make a new zip of license.xml.';
  return refuse('reject:zip', 'zip-stray-bytes', 'archive', text);
}

function differs(entry: ZipEntry, code: string, what: string): Refusal {
  const text = `This file ${what}: the archive contradicts itself. Make a new zip of license.xml.`;
  return refuse('reject:zip', code, `file ${entry.number} of the archive, ${shorten(entry.name)}`, text);
}

function endOfEntry(zip: Buffer, entry: ZipEntry, limit: number): number | Refusal {
  const at = entry.localHeader;
  if (at + 30 > limit || !zip.subarray(at, at + 4).equals(LOCAL_SIGNATURE)) {
    return differs(entry, 'zip-header-missing', 'has no header where the list of files says it is');
  }
  const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
  const dataStart = nameEnd + zip.readUInt16LE(at + 28);
  const dataEnd = dataStart + entry.packedSize;
  if (dataEnd > limit) return differs(entry, 'zip-data-cut', 'is longer than the archive');
  if (!zip.subarray(at + 30, nameEnd).equals(entry.rawName)) {
    return differs(entry, 'zip-two-names', 'has two names');
  }
  const extras = readExtras(zip.subarray(nameEnd, dataStart));
  if (extras === undefined) return differs(entry, 'zip-header-damaged', 'has a damaged header');
  if (extras.has(0x0001)) return refuse('reject:zip', 'zip64', 'archive', ZIP64_TEXT);
  if (zip.readUInt16LE(at + 6) !== entry.flags || zip.readUInt16LE(at + 8) !== entry.method) {
    return differs(entry, 'zip-headers-differ', 'has two headers that disagree');
  }
  const numbers = [entry.crc, entry.packedSize, entry.size];
  const local = [14, 18, 22].map((offset) => zip.readUInt32LE(at + offset));
  const streamed = (entry.flags & HAS_DESCRIPTOR) !== 0;
  const agrees = local.every((value, index) => value === numbers[index] || (streamed && value === 0));
  if (!agrees) return differs(entry, 'zip-headers-differ', 'has two headers that disagree');
  if (!streamed) return dataEnd;
  for (const expected of [[DESCRIPTOR_SIGNATURE, ...numbers], numbers]) {
    const end = dataEnd + expected.length * 4;
    const matches = end <= limit && expected.every((value, index) => zip.readUInt32LE(dataEnd + index * 4) === value);
    if (matches) return end;
  }
  return differs(entry, 'zip-headers-differ', 'has a header and a trailer that disagree');
}
