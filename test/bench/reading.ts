import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import * as z from 'zod/mini';
import { licenseZip, type RowFacts } from '../fakes/license-file.ts';
import { median, REPETITIONS } from './measuring.ts';

/*
 * Compares the strict reader with plain jszip and fast-xml-parser on the same zip. Each reading has a process of its
 * own, like a cold start. The two take turns, so that other load of the machine affects both.
 */

export const SIZES = [1_000, 10_000, 20_000] as const;

const reading = z.object({ licenses: z.number(), cpuMs: z.number(), peakKb: z.number(), extraKb: z.number() });
type Reading = z.infer<typeof reading>;
const WAYS = ['strictly', 'plainly'] as const;

/** As a vendor's file is: no two serial numbers alike, some of every kind. */
export function rowsOf(count: number): readonly RowFacts[] {
  return Array.from({ length: count }, (_, index) => ({
    serialNumber: `A${1_000_000 + index * 7}`,
    type: index % 3 === 0 ? 'Dedicated' : 'Floating',
    modules: index % 7 === 0 ? 'CMDB' : 'All modules',
    access: index % 4 === 0 ? 'read' : 'write',
    expiryDate: index % 5 === 0 ? 'never' : '2027-01-14',
  }));
}

export async function benchReading(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-reading-'));
  try {
    console.table(await measureAll(folder, await buildReadOnce(folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Bundles the program that reads one file, and returns its path. */
export async function buildReadOnce(folder: string): Promise<string> {
  const program = join(folder, 'read-once.mjs');
  const entry = fileURLToPath(new URL('read-once.ts', import.meta.url));
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  const form = { bundle: true, platform: 'node', format: 'esm', banner: { js } } as const;
  await build({ entryPoints: [entry], outfile: program, ...form });
  return program;
}

async function measureAll(folder: string, program: string) {
  const rows: Record<string, string | number>[] = [];
  for (const licenses of SIZES) {
    const file = join(folder, `${licenses}.zip`);
    const zip = await licenseZip({ licenses: rowsOf(licenses) });
    writeFileSync(file, zip);
    const readings = { strictly: [] as Reading[], plainly: [] as Reading[] };
    // A small file takes a moment, and the moments differ most.
    for (let repetition = 0; repetition < REPETITIONS * (licenses > 1_000 ? 3 : 7); repetition += 1) {
      for (const how of WAYS) readings[how].push(await readOnce(program, how, file));
    }
    const of = (how: (typeof WAYS)[number], what: keyof Reading) => median(readings[how].map((one) => one[what]));
    const cpuMs = { strictly: of('strictly', 'cpuMs'), plainly: of('plainly', 'cpuMs') };
    const peakMb = { strictly: of('strictly', 'peakKb') / 1_024, plainly: of('plainly', 'peakKb') / 1_024 };
    const ratio = { cpu: cpuMs.strictly / cpuMs.plainly, peak: peakMb.strictly / peakMb.plainly };
    const msPerThousand = (cpuMs.strictly / licenses) * 1_000;
    const times = readings.strictly.length;
    console.log(JSON.stringify({ bench: 'reading', licenses, zipBytes: zip.length, times, cpuMs, peakMb, ratio }));
    rows.push({
      licenses,
      'CPU ms': `${cpuMs.strictly.toFixed(0)} : ${cpuMs.plainly.toFixed(0)}`,
      'CPU ÷ plain (≤ 1.4)': ratio.cpu.toFixed(2),
      'CPU ms per 1,000': msPerThousand.toFixed(0),
      'peak MB (< 256)': `${peakMb.strictly.toFixed(0)} : ${peakMb.plainly.toFixed(0)}`,
      'peak ÷ plain (≤ 1.2)': ratio.peak.toFixed(2),
    });
  }
  return rows;
}

/**
 * Reads a file in a process of its own. A shell starts it: a process takes over the highest memory use of the one that
 * starts it.
 */
export async function readOnce(program: string, how: (typeof WAYS)[number], file: string): Promise<Reading> {
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    '"$@"; exit $?',
    'sh',
    process.execPath,
    program,
    how,
    file,
  ]);
  return reading.parse(JSON.parse(stdout));
}
