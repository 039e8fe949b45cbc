import { crc32, deflateRawSync } from 'node:zlib';
import { FIELDS, type WrittenLicense } from '../../shared/license-file/format.ts';

export const LICENSE: WrittenLicense = {
  serialNumber: 'A1000001',
  type: 'Floating',
  modules: 'All modules',
  access: 'write',
  validFrom: '2026-01-15',
  expiryDate: '2027-01-14',
  customer: 'acme',
};

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** One license element; a field given as undefined is left out, `extra` is put in as it is. */
export function licenseXml(fields: { [Key in keyof WrittenLicense]?: string | undefined } = {}, extra = ''): string {
  const values = { ...LICENSE, ...fields };
  const elements = FIELDS.map((field) => {
    const value = values[field];
    return value === undefined ? '' : `    <${field}>${escapeXml(value)}</${field}>\n`;
  });
  return `  <license>\n${elements.join('')}${extra}  </license>\n`;
}

export function fileXml(
  licenses: string | readonly string[] = licenseXml(),
  attributes = 'customer="acme" issued="2026-01-15"',
): string {
  const body = typeof licenses === 'string' ? licenses : licenses.join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<licenses ${attributes}>\n${body}</licenses>\n`;
}

type Header = {
  name: string | Buffer;
  flags: number;
  method: number;
  crc: number;
  packedSize: number;
  size: number;
  extra: Buffer;
};

/** One file of an archive; `local` and `central` change only one of its two headers. */
export type Member = {
  name: string;
  data?: string | Buffer;
  stored?: boolean;
  attributes?: number;
  /** Between this file's data and what follows. */
  trailer?: Buffer;
  offset?: number;
  packed?: Buffer;
  both?: Partial<Header>;
  local?: Partial<Header>;
  central?: Partial<Header>;
};

export type Archive = {
  before?: string;
  gap?: string;
  after?: string;
  comment?: string;
  end?: Partial<Record<'here' | 'all' | 'disk' | 'size' | 'start', number>>;
  beforeEnd?: Buffer;
};

/** An archive byte by byte, so that each field can lie. */
export function buildZip(members: readonly Member[], archive: Archive = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(archive.before ?? '', 'latin1')];
  const directory: Buffer[] = [];
  let position = parts[0]!.length;
  for (const member of members) {
    const data = Buffer.from(member.data ?? fileXml());
    const packed = member.packed ?? (member.stored === true ? data : deflateRawSync(data));
    const header: Header = {
      name: member.name,
      flags: 0,
      method: member.stored === true ? 0 : 8,
      crc: crc32(data),
      packedSize: packed.length,
      size: data.length,
      extra: Buffer.alloc(0),
      ...member.both,
    };
    const local = localHeader({ ...header, ...member.local });
    directory.push(centralHeader({ ...header, ...member.central }, member.attributes ?? 0, member.offset ?? position));
    const blocks = [local, packed, member.trailer ?? Buffer.alloc(0), Buffer.from(archive.gap ?? '')];
    parts.push(...blocks);
    position += blocks.reduce((sum, block) => sum + block.length, 0);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(archive.end?.disk ?? 0, 4);
  end.writeUInt16LE(archive.end?.here ?? archive.end?.all ?? members.length, 8);
  end.writeUInt16LE(archive.end?.all ?? members.length, 10);
  end.writeUInt32LE(archive.end?.size ?? central.length, 12);
  end.writeUInt32LE(archive.end?.start ?? position, 16);
  const comment = Buffer.from(archive.comment ?? '', 'latin1');
  end.writeUInt16LE(comment.length, 20);
  const after = Buffer.from(archive.after ?? '', 'latin1');
  return Buffer.concat([...parts, central, archive.beforeEnd ?? Buffer.alloc(0), end, comment, after]);
}

function localHeader({ name, flags, method, crc, packedSize, size, extra }: Header): Buffer {
  const rawName = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc, 14);
  header.writeUInt32LE(packedSize, 18);
  header.writeUInt32LE(size, 22);
  header.writeUInt16LE(rawName.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, rawName, extra]);
}

function centralHeader(
  { name, flags, method, crc, packedSize, size, extra }: Header,
  attributes: number,
  offset: number,
): Buffer {
  const rawName = Buffer.from(name);
  const header = Buffer.alloc(46);
  header.write('PK\x01\x02', 'latin1');
  header.writeUInt16LE(0x0314, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(packedSize, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(rawName.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(attributes, 38);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, rawName, extra]);
}

/** One extra field of a header. */
export function extraField(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(data.length, 2);
  return Buffer.concat([head, data]);
}
