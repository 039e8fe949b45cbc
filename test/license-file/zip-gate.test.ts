import { constants, crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { LIMITS } from '../../shared/license-file/format.ts';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { type Archive, buildZip, extraField, fileXml, type Member } from './build-file.ts';

const license: Member = { name: 'license.xml' };
const readme: Member = { name: 'readme.txt', data: 'Read me.' };

async function verdictOf(members: readonly Member[], archive?: Archive): Promise<string> {
  const reading = await readLicenseFile(buildZip(members, archive), 'upload.zip');
  return reading.verdict === 'accept'
    ? 'accept'
    : `${reading.verdict} ${reading.faults.map(({ code }) => code).join(' ')}`;
}

function descriptor(data: string, signed: boolean, crcOffset = 0): Buffer {
  const packed = deflateRawSync(data);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE((crc32(data) + crcOffset) % 2 ** 32, 4);
  bytes.writeUInt32LE(packed.length, 8);
  bytes.writeUInt32LE(Buffer.byteLength(data), 12);
  return bytes.subarray(signed ? 0 : 4);
}
const streamed = { both: { flags: 8 }, local: { crc: 0, packedSize: 0, size: 0 } };

/** The trailer with sizes of 64 bits. */
function longDescriptor(
  data: string,
  signed: boolean,
  { crc = crc32(data), size = Buffer.byteLength(data) } = {},
): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeBigUInt64LE(BigInt(deflateRawSync(data).length), 8);
  bytes.writeBigUInt64LE(BigInt(size), 16);
  return bytes.subarray(signed ? 0 : 4);
}

/** A zip64 field with the size of the data and of the packed data. */
function zip64Field(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 8);
  for (const [index, number] of numbers.entries()) bytes.writeBigUInt64LE(BigInt(number), index * 8);
  return extraField(1, bytes);
}
const ownSize = Buffer.byteLength(fileXml());
const ownPackedSize = deflateRawSync(fileXml()).length;
const IN_FIELD = { packedSize: 0xffffffff, size: 0xffffffff };

function unicodePath(header: string, name: string, { version = 1, crc = crc32(latin1(header)) } = {}): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(version, 0);
  head.writeUInt32LE(crc, 1);
  return extraField(0x7075, Buffer.concat([head, Buffer.from(name)]));
}
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A file whose name in the headers is in an old code page, with its name in UTF-8 in the Unicode path field. */
function renamed(header: string, name: string, options?: Parameters<typeof unicodePath>[2]): Member {
  return { name: header, both: { name: latin1(header), extra: unicodePath(header, name, options) } };
}

describe('a zip that ordinary programs write is accepted', () => {
  const accepted: Record<string, [Member[], Archive?]> = {
    deflated: [[license]],
    stored: [[{ ...license, stored: true }]],
    'beside other files': [[readme, license, { name: 'photo.jpg', data: 'x' }]],
    'in a folder with an entry of its own': [
      [{ name: 'new/', data: '', stored: true, attributes: 0x41ed0010 }, { name: 'new/License.XML' }],
    ],
    'with Unix modes': [[{ ...license, attributes: 0x81a40000 }]],
    'with an archive comment': [[license], { comment: 'from the vendor' }],
    'streamed, with a signed descriptor': [[{ ...license, ...streamed, trailer: descriptor(fileXml(), true) }]],
    'streamed, with an unsigned descriptor': [[{ ...license, ...streamed, trailer: descriptor(fileXml(), false) }]],
    'with a timestamp extra': [[{ ...license, both: { extra: extraField(0x5455, Buffer.alloc(5)) } }]],
    'with a folder name in an old code page': [
      [{ name: 'x', both: { name: Buffer.from('Lisenssit \x84/license.xml', 'latin1') } }],
    ],
    'with two names that differ in an old code page only': [
      [
        license,
        { name: 'x', both: { name: Buffer.from('\x84.txt', 'latin1') } },
        { name: 'y', both: { name: Buffer.from('\x94.txt', 'latin1') } },
      ],
    ],
    'beside a license.xml of __MACOSX': [[license, { name: '__MACOSX/license.xml', data: 'fork' }]],
    'beside a file with a harmless second name': [
      [license, { name: 'a.txt', both: { extra: unicodePath('a.txt', 'ä.txt') } }],
    ],
    'beside a resource fork of its own': [[license, { name: '__MACOSX/._license.xml', data: 'fork' }]],
    'deep in folders, with UTF-8 names': [[{ name: 'Työ/2026/uudet/LICENSE.XML', both: { flags: 0x800 } }]],
    'beside a folder of its name': [[{ name: 'license.xml/', data: '', stored: true }, { name: 'a/license.xml' }]],
    'in a folder with its name in cp850 and in UTF-8 (WinRAR)': [
      [renamed('K\x84ytt\x94luvat/license.xml', 'Käyttöluvat/license.xml')],
    ],
    'in a folder with question marks and in UTF-8 (Gmail)': [
      [renamed('K?ytt?luvat/License.xml', 'Käyttöluvat/License.xml')],
    ],
    'in a folder with its name escaped and in UTF-8': [[renamed('K#U00e4ytt#U00f6/license.xml', 'Käyttö/license.xml')]],
    'with two names and the flag of UTF-8': [
      [{ ...license, both: { flags: 0x800, extra: unicodePath('license.xml', 'ä/license.xml') } }],
    ],
    'with a second name in its local header only': [
      [{ ...license, local: { extra: unicodePath('license.xml', 'ä/license.xml') } }],
    ],
    'beside files that differ in their second names only': [
      [license, renamed('?.txt', 'ä.txt'), renamed('?.txt', 'ö.txt')],
    ],
    'with a Unicode path of an earlier name': [[renamed('license.xml', 'old.xml', { crc: 1 })]],
    'with a Unicode path of another version': [[renamed('license.xml', 'old.xml', { version: 2 })]],
    'with an empty zip64 field and a long descriptor (Windows)': [
      [
        {
          ...license,
          both: { flags: 8 },
          local: { ...streamed.local, extra: zip64Field() },
          trailer: longDescriptor(fileXml(), true),
        },
      ],
    ],
    'with an empty zip64 field and a short descriptor': [
      [
        {
          ...license,
          both: { flags: 8 },
          local: { ...streamed.local, extra: zip64Field() },
          trailer: descriptor(fileXml(), true),
        },
      ],
    ],
    'streamed, with room for longer sizes': [
      [
        {
          ...license,
          both: { flags: 8 },
          local: { crc: 0, ...IN_FIELD, extra: zip64Field(0, 0) },
          trailer: longDescriptor(fileXml(), true),
        },
      ],
    ],
    'streamed, with room for longer sizes and an unsigned descriptor': [
      [
        {
          ...license,
          both: { flags: 8 },
          local: { crc: 0, ...IN_FIELD, extra: zip64Field(0, 0) },
          trailer: longDescriptor(fileXml(), false),
        },
      ],
    ],
    'with its sizes in a zip64 field': [
      [{ ...license, local: { ...IN_FIELD, extra: zip64Field(ownSize, ownPackedSize) } }],
    ],
    'with its sizes in a zip64 field, too': [[{ ...license, local: { extra: zip64Field(ownSize, ownPackedSize) } }]],
    'with room in a zip64 field that was not needed': [[{ ...license, local: { extra: zip64Field(0, 0) } }]],
    'beside the icon of its folder (macOS)': [
      [{ name: 'Lisenssi/license.xml' }, { name: 'Lisenssi/Icon\r', data: '' }],
    ],
    'beside other control characters': [[license, { name: 'a\u0001b\u007f.txt' }]],
    'from a pipe (Info-ZIP)': [[{ ...license, attributes: 0x11800000 }]],
    'in a folder with the mode of a file': [
      [{ name: 'Licenses/', data: '', stored: true, attributes: 0x81a40000 }, { name: 'Licenses/license.xml' }],
    ],
    'in a folder with all bits of its mode set': [
      [{ name: 'Licenses/', data: '', stored: true, attributes: 0xffff0010 }, { name: 'Licenses/license.xml' }],
    ],
    'beside a folder without a slash': [
      [
        { name: 'docs', data: '', stored: true, attributes: 0x41ed0010 },
        { name: 'old', data: '', attributes: 0x10 },
        license,
      ],
    ],
    'with as many extra fields as allowed': [[{ ...license, both: { extra: Buffer.alloc(4 * LIMITS.extraFields) } }]],
    'beside a stored zip': [[license, { name: 'old.zip', stored: true, data: buildZip([readme]) }]],
  };
  it.each(Object.entries(accepted))('%s', async (_title, [members, archive]) => {
    expect(await verdictOf(members, archive)).toBe('accept');
  });
});

describe('a zip that two readers could understand differently is refused', () => {
  const refused: Record<string, [string, Member[], Archive?]> = {
    'bytes before it': ['reject:zip zip-stray-bytes', [license], { before: 'PK\x03\x04' }],
    'bytes after it': ['reject:zip zip-bytes-after', [license], { after: 'x' }],
    'bytes between its last file and its directory': ['reject:zip zip-stray-bytes', [license], { gap: 'x' }],
    'bytes between its files': ['reject:zip zip-stray-bytes', [license, readme], { gap: 'x' }],
    'bytes between its directory and its end': [
      'reject:zip zip-directory-moved',
      [license],
      { beforeEnd: Buffer.from('x') },
    ],
    'a second archive as its comment': [
      'reject:zip zip-two-archives',
      [license],
      { comment: buildZip([license]).toString('latin1') },
    ],
    'an end record in its comment that ends nowhere': [
      'reject:zip zip-bytes-after',
      [license],
      { comment: `PK\x05\x06${'\x00'.repeat(40)}` },
    ],
    'a count that is too low': ['reject:zip zip-directory-damaged', [license, readme], { end: { all: 1 } }],
    'a count that is too high': ['reject:zip zip-directory-damaged', [license], { end: { all: 2 } }],
    'counts that differ': ['reject:zip zip-several-parts', [license], { end: { here: 0 } }],
    'a part of several': ['reject:zip zip-several-parts', [license], { end: { disk: 1 } }],
    'a directory elsewhere': ['reject:zip zip-directory-moved', [license], { end: { start: 3 } }],
    'two license files': ['reject:zip zip-two-licenses', [license, { name: 'b/LICENSE.xml' }]],
    'two files of one name': ['reject:zip zip-same-name', [license, readme, readme]],
    'a file in another place': ['reject:zip zip-overlap', [license, { ...license, name: 'other.xml', offset: 0 }]],
    'a local name that differs': ['reject:zip zip-two-names', [{ ...license, local: { name: 'licenze.xml' } }]],
    'a local name that makes another file the license file': [
      'reject:zip zip-two-names',
      [license, { ...readme, local: { name: 'license.xml' } }],
    ],
    'a second name that makes it the license file': [
      'reject:zip zip-two-names',
      [license, { name: 'a.txt', both: { extra: unicodePath('a.txt', 'x/license.xml') } }],
    ],
    'a second name for the license file': [
      'reject:zip zip-two-names',
      [{ ...license, both: { extra: unicodePath('license.xml', 'a.txt') } }],
    ],
    'a second name that leads out': [
      'reject:zip zip-path',
      [license, { name: 'a.txt', both: { extra: unicodePath('a.txt', '../a.txt') } }],
    ],
    'a second name that says license file in another folder of macOS': [
      'reject:zip zip-two-names',
      [{ ...license, both: { extra: unicodePath('license.xml', '__MACOSX/license.xml') } }],
    ],
    'a second name for the license file in the local header': [
      'reject:zip zip-two-names',
      [{ ...license, local: { extra: unicodePath('license.xml', 'a.txt') } }],
    ],
    'a second name in the local header that makes it the license file': [
      'reject:zip zip-two-names',
      [license, { name: 'a.txt', local: { extra: unicodePath('a.txt', 'b/license.xml') } }],
    ],
    'a second name in the local header that leads out': [
      'reject:zip zip-two-names',
      [license, { name: 'a.txt', local: { extra: unicodePath('a.txt', '../a.txt') } }],
    ],
    'a second name of the license file that leads out': [
      'reject:zip zip-path',
      [{ ...license, both: { extra: unicodePath('license.xml', '../license.xml') } }],
    ],
    'a second name of the license file with a control character': [
      'reject:zip zip-path',
      [{ ...license, both: { extra: unicodePath('license.xml', 'a\r/license.xml') } }],
    ],
    'two license files by their second names': [
      'reject:zip zip-two-licenses',
      [renamed('?/license.xml', 'ä/license.xml'), renamed('?/license.xml', 'ö/license.xml')],
    ],
    'two files that have one name by their second names': [
      'reject:zip zip-same-name',
      [license, renamed('1.txt', 'ä.txt'), renamed('2.txt', 'ä.txt')],
    ],
    'a Unicode path that is too short': [
      'reject:zip zip-damaged',
      [{ ...license, both: { extra: extraField(0x7075, Buffer.alloc(4, 1)) } }],
    ],
    'two Unicode paths': [
      'reject:zip zip-directory-damaged',
      [
        {
          ...license,
          both: {
            extra: Buffer.concat([unicodePath('license.xml', 'a/license.xml'), unicodePath('license.xml', 'a.txt')]),
          },
        },
      ],
    ],
    'another check sum in the local header of a streamed file': [
      'reject:zip zip-headers-differ',
      [{ ...license, ...streamed, local: { ...streamed.local, crc: 1 }, trailer: descriptor(fileXml(), true) }],
    ],
    'another size in the local header of a streamed file': [
      'reject:zip zip-headers-differ',
      [{ ...license, ...streamed, local: { ...streamed.local, size: 1 }, trailer: descriptor(fileXml(), true) }],
    ],
    'no check sum in a local header that is not streamed': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { crc: 0 } }],
    ],
    'another size in the local header than in its zip64 field': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { size: 1, extra: zip64Field(ownSize, ownPackedSize) } }],
    ],
    'zip64 sizes in the local header that differ': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { extra: zip64Field(ownSize, ownPackedSize + 1) } }],
    ],
    'zip64 sizes in the local header that differ above 32 bits': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { ...IN_FIELD, extra: zip64Field(ownSize + 2 ** 32, ownPackedSize) } }],
    ],
    'sizes left to a zip64 field that is not there': [
      'reject:zip zip-headers-differ',
      [{ ...license, both: { flags: 8 }, local: { ...IN_FIELD }, trailer: longDescriptor(fileXml(), true) }],
    ],
    'sizes left to a zip64 field of zeros that is not streamed': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { ...IN_FIELD, extra: zip64Field(0, 0) } }],
    ],
    'a zip64 field with one size': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { extra: zip64Field(ownSize) } }],
    ],
    'two zip64 fields': [
      'reject:zip zip-header-damaged',
      [{ ...license, local: { extra: Buffer.concat([zip64Field(), zip64Field()]) } }],
    ],
    'a long descriptor without a zip64 field': [
      'reject:zip zip-headers-differ',
      [{ ...license, ...streamed, trailer: longDescriptor(fileXml(), true) }],
    ],
    'a long descriptor that differs': [
      'reject:zip zip-headers-differ',
      [
        {
          ...license,
          both: { flags: 8 },
          local: { ...streamed.local, extra: zip64Field() },
          trailer: longDescriptor(fileXml(), true, { size: ownSize + 2 ** 32 }),
        },
      ],
    ],
    'bytes behind the end of its data': [
      'reject:zip zip-stray-bytes',
      [{ ...license, packed: Buffer.concat([deflateRawSync(fileXml()), Buffer.from('x')]) }],
    ],
    'a second stream behind the end of its data': [
      'reject:zip zip-stray-bytes',
      [{ ...license, packed: Buffer.concat([deflateRawSync(fileXml()), deflateRawSync('other')]) }],
    ],
    'data without an end': [
      'reject:zip zip-size',
      [{ ...license, packed: deflateRawSync(fileXml(), { finishFlush: constants.Z_SYNC_FLUSH }) }],
    ],
    'another method in the local header': ['reject:zip zip-headers-differ', [{ ...license, local: { method: 0 } }]],
    'other flags in the local header': ['reject:zip zip-headers-differ', [{ ...license, local: { flags: 2 } }]],
    'another check sum in the local header': ['reject:zip zip-headers-differ', [{ ...license, local: { crc: 1 } }]],
    'another size in the local header': ['reject:zip zip-headers-differ', [{ ...license, local: { size: 1 } }]],
    'zeros in a local header that is not streamed': [
      'reject:zip zip-headers-differ',
      [{ ...license, local: { size: 0 } }],
    ],
    'a descriptor that differs': [
      'reject:zip zip-headers-differ',
      [{ ...license, ...streamed, trailer: descriptor(fileXml(), true, 1) }],
    ],
    'no descriptor where one is announced': ['reject:zip zip-headers-differ', [{ ...license, ...streamed }]],
    'data that run into the directory': ['reject:zip zip-data-cut', [{ ...license, both: { packedSize: 5000 } }]],
    'an extra field that runs over': [
      'reject:zip zip-directory-damaged',
      [{ ...license, central: { extra: Buffer.from([1, 2, 255, 0, 1]) } }],
    ],
    'a local extra field that runs over': [
      'reject:zip zip-header-damaged',
      [{ ...license, local: { extra: Buffer.from([1, 2, 255, 0, 1]) } }],
    ],
  };
  it.each(Object.entries(refused))('%s', async (_title, [expected, members, archive]) => {
    expect(await verdictOf(members, archive)).toBe(expected);
  });

  const codesOf = async (zip: Buffer) => {
    const reading = await readLicenseFile(zip, 'upload.zip');
    return reading.verdict === 'accept' ? [] : reading.faults.map(({ code }) => code);
  };

  it('bytes before it that its offsets do not count', async () => {
    const zip = buildZip([license]);

    expect(await codesOf(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), zip]))).toEqual(['zip-directory-moved']);
    expect(await codesOf(Buffer.concat([Buffer.from('\ufeff'), zip]))).toEqual(['zip-bytes-before']);
  });

  it('no local header where the directory says', async () => {
    const zip = buildZip([readme, license]);
    zip.write('XX', zip.lastIndexOf('PK\x03\x04'));

    expect(await codesOf(zip)).toEqual(['zip-header-missing']);
  });
});

describe('a zip with a feature that license files do not need is refused', () => {
  const size64 = extraField(1, Buffer.alloc(16));
  const refused: Record<string, [string, Member[], Archive?]> = {
    encrypted: ['reject:zip zip-encrypted', [{ ...license, both: { flags: 1 } }]],
    'strongly encrypted': ['reject:zip zip-encrypted', [{ ...license, both: { flags: 0x40 } }]],
    'a hidden directory': ['reject:zip zip-method', [{ ...license, both: { flags: 0x2000 } }]],
    'another method': ['reject:zip zip-method', [{ ...license, both: { method: 12 } }]],
    'another method of a file beside it': ['reject:zip zip-method', [license, { ...readme, both: { method: 14 } }]],
    'stored with two sizes': ['reject:zip zip-size', [{ ...license, stored: true, both: { size: 9 } }]],
    'a file beside it stored with two sizes': [
      'reject:zip zip-size',
      [license, { ...readme, stored: true, both: { size: 9 } }],
    ],
    'zip64 in the directory': ['reject:zip zip64', [{ ...license, central: { extra: size64 } }]],
    'an empty zip64 field in the directory': ['reject:zip zip64', [{ ...license, central: { extra: zip64Field() } }]],
    'zip64 sizes': ['reject:zip zip64', [{ ...license, both: { size: 0xffffffff } }]],
    'zip64 count': ['reject:zip zip64', [license], { end: { all: 0xffff, here: 0xffff } }],
    'zip64 start': ['reject:zip zip64', [license], { end: { start: 0xffffffff } }],
    'zip64 locator': [
      'reject:zip zip64',
      [license],
      { beforeEnd: Buffer.from(`PK\x06\x07${'\x00'.repeat(16)}`, 'latin1') },
    ],
    'a symbolic link': ['reject:zip zip-not-a-file', [license, { name: 'a', attributes: 0xa1ff0000 }]],
    'the license file as a link': ['reject:zip zip-not-a-file', [{ ...license, attributes: 0xa1ff0000 }]],
    'the license file as a folder': ['reject:zip zip-not-a-file', [{ ...license, attributes: 0x10 }]],
    'the license file with the mode of a folder': [
      'reject:zip zip-not-a-file',
      [{ ...license, attributes: 0x41ed0000 }],
    ],
    'a device': ['reject:zip zip-not-a-file', [license, { name: 'a', attributes: 0x21ff0000 }]],
    'another device': ['reject:zip zip-not-a-file', [license, { name: 'a', attributes: 0x61ff0000 }]],
    'a socket': ['reject:zip zip-not-a-file', [license, { name: 'a', attributes: 0xc1ff0000 }]],
    'a file beside it with the mode of a folder': [
      'reject:zip zip-not-a-file',
      [license, { name: 'a', attributes: 0x41ed0000 }],
    ],
    'a link with the attribute of a folder': [
      'reject:zip zip-not-a-file',
      [license, { name: 'a', attributes: 0xa1ff0010 }],
    ],
    'a mode of no known kind': ['reject:zip zip-not-a-file', [license, { name: 'a', attributes: 0x31ff0000 }]],
    'a folder that is a link': [
      'reject:zip zip-not-a-file',
      [license, { name: 'a/', data: '', stored: true, attributes: 0xa1ff0010 }],
    ],
    'a folder that is a device': [
      'reject:zip zip-not-a-file',
      [license, { name: 'a/', data: '', stored: true, attributes: 0x61ff0010 }],
    ],
    'a NUL in a name': ['reject:zip zip-path', [license, { name: 'a\0.txt' }]],
  };
  it.each(Object.entries(refused))('%s', async (_title, [expected, members, archive]) => {
    expect(await verdictOf(members, archive)).toBe(expected);
  });

  it.each([
    '../license.xml',
    'a/../license.xml',
    '/license.xml',
    'C:/license.xml',
    'a\\license.xml',
    './license.xml',
    'a//license.xml',
    'a\u0001/license.xml',
    '..',
  ])('a path that is not plain: %s', async (name) => {
    expect(await verdictOf([{ name }])).toBe('reject:zip zip-path');
    expect(await verdictOf([license, { name }])).toBe('reject:zip zip-path');
  });
});

describe('a refusal says what is wrong', () => {
  it.each([
    [[license, { name: 'a', attributes: 0xa1ff0000 }], 'marked as a link'],
    [[license, { name: 'a', attributes: 0x21ff0000 }], 'marked as a device'],
    [[license, { name: 'a', attributes: 0xc1ff0000 }], 'marked as a socket'],
    [[{ ...license, attributes: 0x10 }], 'marked as a folder'],
    [[{ name: 'a\r/license.xml' }], 'a control character in the path'],
    [[license, { name: 'docs\\readme.txt' }], 'a backslash in the path'],
    [[license, { name: '../readme.txt' }], 'leads out of its folder'],
    [[license, { name: '/readme.txt' }], 'does not begin in the archive'],
    [[license, { name: './readme.txt' }], 'a dot as a part'],
    [[renamed('license.xml', 'ä.txt')], 'has two names, "license.xml" and "ä.txt"'],
    [[{ ...license, central: { extra: zip64Field() } }], 'Upload license.xml itself'],
    [[{ name: 'license (1).xml' }, readme], 'name it license.xml, or upload the XML itself'],
    [[{ name: 'license (1).xml' }, { name: 'readme.xml' }], 'If "license (1).xml" is the license file'],
    [[{ name: 'license.xml.txt' }], 'If "license.xml.txt" is the license file'],
    [[{ name: 'a.xml.bak' }], 'Upload the zip with license.xml that you got'],
    [[{ name: 'my license.xml' }, { name: 'a.xml' }], 'Upload the zip with license.xml that you got'],
    [[{ name: 'a/ License-2026.xml' }, { name: 'a.xml' }], 'If "a/ License-2026.xml" is the license file'],
    [[{ name: 'a.xml' }, { name: 'b.xml' }], 'Upload the zip with license.xml that you got'],
    [[readme], 'Upload the zip with license.xml that you got'],
    [[], 'The zip is empty'],
  ] as [Member[], string][])('%j: %s', async (members, expected) => {
    const reading = await readLicenseFile(buildZip(members), 'upload.zip');

    expect(reading.verdict === 'accept' ? [] : reading.faults.map(({ text }) => text)).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('names a file by its name in UTF-8', async () => {
    const members = [license, { ...renamed('K\x84y\x94.txt', 'Käyö.txt'), attributes: 0xa1ff0000 }];

    expect(await readLicenseFile(buildZip(members), 'upload.zip')).toMatchObject({
      faults: [{ place: 'file 2 of the archive, Käyö.txt' }],
    });
  });
});

it('reads a directory in another order than the files', async () => {
  const zip = buildZip([license, { name: 'readme1.txt', data: 'Read me.' }]);
  const start = zip.readUInt32LE(zip.length - 6);
  const length = (zip.length - 22 - start) / 2;
  const rows = [zip.subarray(start + length, start + 2 * length), zip.subarray(start, start + length)];

  const other = Buffer.concat([zip.subarray(0, start), ...rows, zip.subarray(-22)]);

  expect((await readLicenseFile(other, 'upload.zip')).verdict).toBe('accept');
});

it('finds the signature beside a license file with two names', async () => {
  const signature = renamed('?/license.xml.sig', 'ä/license.xml.sig');
  const other = renamed('?/license.xml.sig', 'ö/license.xml.sig');
  const members = [
    renamed('?/license.xml', 'ä/license.xml'),
    { ...other, data: 'other' },
    { ...signature, data: 'its own' },
  ];

  expect(await readLicenseFile(buildZip(members), 'upload.zip')).toMatchObject({
    verdict: 'accept',
    signature: 'its own',
  });
});

describe('a zip without a readable license file', () => {
  it.each([
    ['an empty one', 'reject:xml empty-file', [{ ...license, data: '' }]],
    ['an empty stored one', 'reject:xml empty-file', [{ ...license, data: '', stored: true }]],
    ['a folder of its name', 'reject:zip zip-no-license', [{ name: 'license.xml/', data: '', stored: true }]],
    ['one in __MACOSX', 'reject:zip zip-no-license', [{ name: '__MACOSX/license.xml' }]],
    ['a name with a blank behind it', 'reject:zip zip-no-license', [{ name: 'license.xml ' }]],
    ['a name with a NUL in it', 'reject:zip zip-path', [{ name: 'license.xml\0.txt' }]],
    ['letters that only look alike', 'reject:zip zip-no-license', [{ name: 'l\u0131cense.xml' }]],
    ['half of its data', 'reject:zip zip-size', [{ ...license, packed: deflateRawSync(fileXml()).subarray(0, -20) }]],
    ...[1, 6, 9, 12, 14, 93, 95, 98, 99].map(
      (method) => [`method ${method}`, 'reject:zip zip-method', [{ ...license, both: { method } }]] as const,
    ),
  ] as [string, string, Member[]][])('%s', async (_title, expected, members) => {
    expect(await verdictOf(members)).toBe(expected);
  });
});

describe('limits', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, data: 'x' }));
  const big = Buffer.alloc(8 * 1024 * 1024 + 1, ' ');

  it('allow 100 files in a zip', async () => {
    expect(await verdictOf([license, ...many(99)])).toBe('accept');
    expect(await verdictOf([license, ...many(100)])).toBe('reject:limit zip-too-many-entries');
  });

  it('allow 64 extra fields in a header', async () => {
    const extra = Buffer.alloc(4 * (LIMITS.extraFields + 1));
    expect(await verdictOf([{ ...license, central: { extra } }])).toBe('reject:limit zip-too-many-fields');
    expect(await verdictOf([{ ...license, local: { extra } }])).toBe('reject:zip zip-header-damaged');
  });

  it('judge 10,000 entries by their count, without reading them', async () => {
    const zip = buildZip([license, ...many(10_000)]);
    const readName = vi.spyOn(Buffer.prototype, 'readUInt16LE');

    const { verdict } = await readLicenseFile(zip, 'upload.zip');

    const reads = readName.mock.calls.length;
    readName.mockRestore();
    expect(verdict).toBe('reject:limit');
    expect(reads).toBeLessThan(10);
  });

  it('allow 20 MiB declared in all', async () => {
    const others = (size: number) => [{ name: 'a', data: 'x', both: { size } }];
    const own = Buffer.byteLength(fileXml());
    expect(await verdictOf([license, ...others(20 * 1024 * 1024 - own)])).toBe('accept');
    expect(await verdictOf([license, ...others(20 * 1024 * 1024 - own + 1)])).toBe('reject:limit zip-too-big');
  });

  it('allow 8 MiB of XML', async () => {
    expect(await verdictOf([{ ...license, both: { size: 8 * 1024 * 1024 } }])).toBe('reject:zip zip-size');
    expect(await verdictOf([{ ...license, both: { size: 8 * 1024 * 1024 + 1 } }])).toBe('reject:limit xml-too-big');
  });

  it('count the bytes that come out, whatever the headers say', async () => {
    expect(await verdictOf([{ ...license, data: big, both: { size: 2000 } }])).toBe('reject:zip zip-size');
    expect(await verdictOf([{ ...license, both: { size: 5000 } }])).toBe('reject:zip zip-size');
    expect(await verdictOf([{ ...license, both: { size: 0 } }])).toBe('reject:zip zip-crc');
  });

  it('hold the check sum', async () => {
    expect(await verdictOf([{ ...license, both: { crc: 7 } }])).toBe('reject:zip zip-crc');
  });

  it('hold the signature file', async () => {
    expect(await verdictOf([license, { name: 'license.xml.sig', data: 'x'.repeat(4097) }])).toBe(
      'reject:limit signature-too-big',
    );
    expect(
      await verdictOf([license, { name: 'license.xml.sig', data: 'x' }, { name: 'LICENSE.xml.sig', data: 'x' }]),
    ).toBe('reject:zip zip-two-signatures');
  });
});
