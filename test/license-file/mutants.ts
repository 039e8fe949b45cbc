import { readFileSync } from 'node:fs';
import { readLicenseFile } from '../../shared/license-file/read-license-file.ts';
import { corpusCases } from './corpora.ts';
import { mutate } from './mutate.ts';
import { seeded } from './random.ts';

export type MutantRun = { mutants: number; accepted: number; slowestMs: number; findings: string[] };

const originals = corpusCases()
  .map(({ path, file, verdicts }) => ({ file, bytes: readFileSync(path), sound: verdicts[0] === 'accept' }))
  // The large files are slow to read and mostly white space: a mutant of a small one says as much.
  .filter(({ bytes }) => bytes.length < 20_000);
const soundOriginals = originals.filter(({ sound }) => sound);

/**
 * Reads mutants of the published cases. A finding is a throw, a slow reading, a refusal that names no fault, or an
 * accepted serial number that does not stand literally in the file.
 */
export async function readMutants(count: number, seed: number, onEach: () => void = () => {}): Promise<MutantRun> {
  const random = seeded(seed);
  const run: MutantRun = { mutants: count, accepted: 0, slowestMs: 0, findings: [] };
  for (let number = 0; number < count; number += 1) {
    // Most mutants of a refused file are refused for the same reason as before.
    const from = random(3) === 0 ? originals : soundOriginals;
    const { file, bytes } = from[random(from.length)]!;
    const mutant = mutate(bytes, originals[random(originals.length)]!.bytes, random);
    const started = process.threadCpuUsage();
    const finding = await findIn(mutant, file, run);
    const { user, system } = process.threadCpuUsage(started);
    // Of the thread's processor time: what else the machine does is not the reading's.
    const ms = (user + system) / 1000;
    run.slowestMs = Math.max(run.slowestMs, ms);
    const problem = finding ?? (ms > 5000 ? `took ${ms} ms` : undefined);
    if (problem !== undefined) run.findings.push(`mutant ${number} of seed ${seed}, from ${file}: ${problem}`);
    onEach();
  }
  return run;
}

async function findIn(mutant: Buffer, file: string, run: MutantRun): Promise<string | undefined> {
  try {
    const reading = await readLicenseFile(mutant, file);
    if (reading.verdict !== 'accept') return reading.faults.length === 0 ? 'a refusal without a fault' : undefined;
    run.accepted += 1;
    const xml = Buffer.from(reading.xml).toString();
    // A serial number may be written with references, CDATA sections and comments.
    if (/&#|<!/.test(xml)) return undefined;
    const invented = reading.licenses.find(({ serialNumber }) => !xml.includes(serialNumber));
    return invented && `the serial number ${invented.serialNumber} is not in the file`;
  } catch (error) {
    return `threw ${error}`;
  }
}
