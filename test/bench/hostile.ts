import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { LIMITS } from '../../shared/license-file/format.ts';
import { buildZip, extraField, fileXml, licenseXml, type Member } from '../license-file/build-file.ts';
import { buildReadOnce, readOnce } from './reading.ts';

/* Files at the limits, made to cost as much as they can: each read once in a process of its own. */

const license: Member = { name: 'license.xml' };
const many = (count: number): Member[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${index}.txt`, data: 'x', stored: true }));
const empty = (count: number) => Buffer.alloc(4 * count);
/** A file of the most bytes allowed, with this inside its license. */
const full = (piece: string) =>
  fileXml(licenseXml({}, piece.repeat(Math.floor((LIMITS.xmlBytes - 2000) / piece.length))));
const zipped = (xml: string) => buildZip([{ ...license, data: xml }]);
const emptyBlocks = Buffer.alloc(LIMITS.declaredBytes, Buffer.from([0, 0, 0, 0xff, 0xff]));

const FILES: Record<string, () => Buffer> = {
  '10,000 entries': () => buildZip([license, ...many(10_000)]),
  '10,000 entries, 100 declared': () => buildZip([license, ...many(9_999)], { end: { all: 100 } }),
  'as many extra fields as allowed': () =>
    buildZip([license, ...many(99)].map((member) => ({ ...member, both: { extra: empty(LIMITS.extraFields) } }))),
  'as many extra fields as fit': () =>
    buildZip([license, ...many(99)].map((member) => ({ ...member, both: { extra: empty(16_000) } }))),
  'one long extra field': () =>
    buildZip([license, ...many(99)].map((m) => ({ ...m, both: { extra: extraField(9, Buffer.alloc(65_000)) } }))),
  'long names': () => buildZip([license, ...many(99).map((m) => ({ ...m, name: `${'a/'.repeat(32_000)}${m.name}` }))]),
  'end records in the comment': () => buildZip([license], { comment: 'PK\x05\x06'.repeat(16_000) }),
  'end records in a file': () =>
    buildZip([license, { name: 'a', stored: true, data: 'PK\x05\x06'.repeat(LIMITS.declaredBytes / 4 - 1_000) }]),
  'line ends without a directory': () =>
    Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(LIMITS.fileBytes - 4, '\r\n')]),
  'bytes before a zip': () => Buffer.concat([Buffer.alloc(LIMITS.declaredBytes, 1), buildZip([license])]),
  'empty blocks of packed data': () =>
    buildZip([
      {
        ...license,
        packed: Buffer.concat([emptyBlocks, deflateRawSync(fileXml())]),
        both: { size: Buffer.byteLength(fileXml()), crc: crc32(fileXml()) },
      },
    ]),
  'blanks in XML': () => zipped(full(' ')),
  'carriage returns in XML': () => zipped(full('\r')),
  'references in XML': () => zipped(full('<n>&amp;</n>')),
  'most elements in XML': () => zipped(fileXml(licenseXml({}, '<n/>'.repeat(LIMITS.nodes - 10)))),
  'most licenses in XML': () =>
    zipped(fileXml(Array.from({ length: LIMITS.licenses }, (_, index) => licenseXml({ serialNumber: `S${index}` })))),
};

export async function benchHostile(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hostile-'));
  try {
    const program = await buildReadOnce(folder);
    const rows: Record<string, string | number>[] = [];
    for (const [what, make] of Object.entries(FILES)) {
      const file = join(folder, 'hostile.zip');
      const zip = make();
      writeFileSync(file, zip);
      const { cpuMs, extraKb, licenses } = await readOnce(program, 'strictly', file);
      const extraMb = extraKb / 1_024;
      console.log(JSON.stringify({ bench: 'hostile', what, bytes: zip.length, licenses, cpuMs, extraMb }));
      rows.push({ file: what, 'CPU ms (< 2,000)': cpuMs.toFixed(0), 'extra MB (< 120)': extraMb.toFixed(0), licenses });
    }
    console.table(rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
