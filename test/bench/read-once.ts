import { readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import JSZip from 'jszip';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';

/** What anybody would write first: no gate, no limits, no second look; values stay strings. */
async function readPlainly(bytes: Uint8Array): Promise<number> {
  const zip = await JSZip.loadAsync(bytes);
  const xml = await zip.file('license.xml')!.async('string');
  const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, parseAttributeValue: false });
  const document = parser.parse(xml) as { licenses: { license: unknown[] } };
  return document.licenses.license.length;
}

async function readStrictly(bytes: Uint8Array): Promise<number> {
  const reading = await readLicenseFile(bytes, 'upload.zip');
  return reading.verdict === 'accept' ? reading.licenses.length : 0;
}

/** Reads one file once in this process, `strictly` or `plainly`, and prints what that took. */
const [, , how, path = ''] = process.argv;
const bytes = readFileSync(path);
const before = process.resourceUsage().maxRSS;
const started = process.cpuUsage();
const licenses = await (how === 'strictly' ? readStrictly(bytes) : readPlainly(bytes));
const { user, system } = process.cpuUsage(started);
const { maxRSS } = process.resourceUsage();
process.stdout.write(
  JSON.stringify({ licenses, cpuMs: (user + system) / 1_000, peakKb: maxRSS, extraKb: maxRSS - before }),
);
