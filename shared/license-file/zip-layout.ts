import { type FaultCode, type Refusal, refuse } from './faults.ts';
import {
  LOCAL_SIGNATURE,
  placeOf,
  readExtras,
  readUnicodePath,
  ZIP64_EXTRA,
  type ZipDirectory,
  type ZipEntry,
} from './zip-directory.ts';
import { namesAgree, pathFault } from './zip-names.ts';

const HAS_DESCRIPTOR = 0x0008;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const IN_ZIP64_FIELD = 0xffffffff;

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

function differs(entry: ZipEntry, code: FaultCode, what: string): Refusal {
  const text = `This file ${what}: the archive contradicts itself. Make a new zip of license.xml.`;
  return refuse('reject:zip', code, placeOf(entry), text);
}

function endOfEntry(zip: Buffer, entry: ZipEntry, limit: number): number | Refusal {
  const at = entry.localHeader;
  if (at + 30 > limit || !zip.subarray(at, at + 4).equals(LOCAL_SIGNATURE)) {
    return differs(entry, 'zip-header-missing', 'has no header where the list of files says it is');
  }
  const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
  const dataStart = dataStartOf(zip, entry);
  const dataEnd = dataStart + entry.packedSize;
  if (dataEnd > limit) return differs(entry, 'zip-data-cut', 'is longer than the archive');
  if (!zip.subarray(at + 30, nameEnd).equals(entry.rawName)) {
    return differs(entry, 'zip-two-names', 'has two names');
  }
  const extras = readExtras(zip.subarray(nameEnd, dataStart));
  if (!(extras instanceof Map)) return differs(entry, 'zip-header-damaged', 'has a damaged header');
  const otherName = readUnicodePath(extras, entry.rawName);
  if (!namesAgree([entry.name, otherName]) || (otherName !== undefined && pathFault(otherName) !== undefined)) {
    return differs(entry, 'zip-two-names', 'has two names');
  }
  if (zip.readUInt16LE(at + 6) !== entry.flags || zip.readUInt16LE(at + 8) !== entry.method) {
    return differs(entry, 'zip-headers-differ', 'has two headers that disagree');
  }
  const streamed = (entry.flags & HAS_DESCRIPTOR) !== 0;
  const crc = zip.readUInt32LE(at + 14);
  const crcAgrees = crc === entry.crc || (streamed && crc === 0);
  if (!crcAgrees || !sizesAgree(zip, entry, extras.get(ZIP64_EXTRA), streamed)) {
    return differs(entry, 'zip-headers-differ', 'has two headers that disagree');
  }
  if (!streamed) return dataEnd;
  for (const expected of descriptorsOf(entry, extras.has(ZIP64_EXTRA))) {
    const end = dataEnd + expected.length * 4;
    const matches = end <= limit && expected.every((value, index) => zip.readUInt32LE(dataEnd + index * 4) === value);
    if (matches) return end;
  }
  return differs(entry, 'zip-headers-differ', 'has a header and a trailer that disagree');
}

/** Returns where the data of an entry begin, behind its local header. */
export function dataStartOf(zip: Buffer, { localHeader: at }: ZipEntry): number {
  return at + 30 + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
}

/**
 * Returns whether the sizes in the local header are those of the directory. A streamed entry may have zeros there. A
 * program that did not know the sizes beforehand may have left room for longer ones in a zip64 field. Such a field is
 * empty, or has both sizes, which agree or are zero.
 */
function sizesAgree(zip: Buffer, entry: ZipEntry, zip64: Buffer | undefined, streamed: boolean): boolean {
  if (zip64 !== undefined && zip64.length !== 0 && zip64.length !== 16) return false;
  const sizes = [
    { size: entry.size, header: 22, field: 0 },
    { size: entry.packedSize, header: 18, field: 8 },
  ];
  return sizes.every(({ size, header, field }) => {
    const long = zip64?.length === 16 ? zip64.readBigUInt64LE(field) : undefined;
    if (long !== undefined && long !== 0n && long !== BigInt(size)) return false;
    const short = zip.readUInt32LE(entry.localHeader + header);
    const told = short === IN_ZIP64_FIELD && long !== undefined ? Number(long) : short;
    return told === size || (streamed && told === 0);
  });
}

/** Returns the forms of the trailer behind streamed data: with and without signature, with longer sizes in zip64. */
function descriptorsOf({ crc, packedSize, size }: ZipEntry, isZip64: boolean): readonly number[][] {
  const short = [crc, packedSize, size];
  const long = [crc, packedSize, 0, size, 0];
  const forms = isZip64 ? [long, short] : [short];
  return forms.flatMap((numbers) => [[DESCRIPTOR_SIGNATURE, ...numbers], numbers]);
}
