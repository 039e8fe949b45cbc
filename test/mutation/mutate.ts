import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULTS } from '../platform/faults.ts';
import { allMutants, type Mutant } from './mutants.ts';
import { firstTestsOf, SIMULATIONS } from './tests-of-mutants.ts';

/*
 * Takes out each safeguard, one at a time and in copies of the project, and runs the tests: one at least must turn red.
 * Prints a table, each row as soon as it is known; ends with 1 if a mutant survives.
 * `npm run mutate -- claim.ts limits.ts` takes the files whose paths contain one of these names.
 */

const ROOT = join(import.meta.dirname, '../..');
/** What the copies do without: what is installed or made, and the history. */
const LEFT_OUT = /^(?:node_modules|\.git|\.local.*|cdk\.out|coverage|reports|\.stryker-tmp|\.vitest)$/;

/**
 * Red whenever a listed safeguard is not in its place: they would kill each mutant, whatever the other tests notice.
 */
const OF_THE_LISTS = ['test/platform/faults.test.ts', 'test/platform/mutation.test.ts'];

/** Without its safeguard something may go on for ever: that is red as well. */
const LONGEST = 600_000;

const RESULT = 'result.json';

const ALL = [
  ['--project', 'unit'],
  ['--project', 'simulation', ...SIMULATIONS],
];

type Fate = { readonly mutant: Mutant; readonly killedBy: string | undefined };

async function main(): Promise<void> {
  const mutants = wantedMutants(process.argv.slice(2));
  if (process.env['LIST'] !== undefined) {
    for (const { file, line, kind, text } of mutants) print(`${file}:${line} ${kind} ${text}`);
    return;
  }
  await demandGreen();
  const fates: Fate[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    const copy = copyOfProject();
    try {
      while (next < mutants.length) {
        const mutant = mutants[next]!;
        next += 1;
        const killedBy = await killerOf(copy, mutant);
        fates.push({ mutant, killedBy });
        print(rowOf({ mutant, killedBy }));
      }
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, worker));
  const survivors = fates.filter(({ killedBy }) => killedBy === undefined);
  print(`${fates.length} safeguards taken out one at a time, ${survivors.length} noticed by no test`);
  for (const fate of survivors) print(rowOf(fate));
  if (survivors.length > 0) process.exitCode = 1;
}

/** The mutants of the files whose paths contain one of the names; all mutants without a name. */
function wantedMutants(names: readonly string[]): readonly Mutant[] {
  const mutants = allMutants(ROOT);
  const unknown = names.filter((name) => mutants.every(({ file }) => !file.includes(name)));
  if (unknown.length > 0) throw new Error(`no safeguard stands in a file of this name: ${unknown.join(', ')}`);
  return names.length === 0 ? mutants : mutants.filter(({ file }) => names.some((name) => file.includes(name)));
}

/** With every safeguard in its place the copy's tests are green: else each mutant would seem to die. */
async function demandGreen(): Promise<void> {
  const copy = copyOfProject();
  try {
    for (const tests of ALL) {
      const red = await firstRed(copy, tests);
      if (red !== undefined) throw new Error(`red before anything is taken out: ${red}`);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutant-'));
  const names = readdirSync(ROOT).filter((name) => !LEFT_OUT.test(name));
  for (const name of names) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  for (const name of OF_THE_LISTS) rmSync(join(copy, name));
  mkdirSync(join(copy, '.local'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The test that turned red; undefined when none did. */
async function killerOf(copy: string, { file, text, mutated }: Mutant): Promise<string | undefined> {
  const source = readFileSync(join(ROOT, file), 'utf8');
  writeFileSync(join(copy, file), mutated);
  try {
    const stages = [...testsOfFaults(`${file} ${text}`), ['--project', 'unit', ...firstTestsOf(file)], ...ALL];
    for (const tests of stages) {
      const red = await firstRed(copy, tests);
      if (red !== undefined) return red;
    }
    return undefined;
  } finally {
    writeFileSync(join(copy, file), source);
  }
}

/** A safeguard against a fault is to turn that fault's own test red. */
function testsOfFaults(safeguard: string): readonly (readonly string[])[] {
  const ofIt = FAULTS.filter((fault) => fault.safeguard === safeguard);
  return ofIt.map(({ test: [file, title] }) => [`test/${file}`, '-t', title.replaceAll(/[()[\]|.]/g, '.')]);
}

function firstRed(copy: string, tests: readonly string[]): Promise<string | undefined> {
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const options = [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--bail',
    '1',
    '--reporter',
    'json',
    '--outputFile',
    RESULT,
    ...tests,
  ];
  rmSync(join(copy, RESULT), { force: true });
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [vitest, ...options], {
      cwd: copy,
      stdio: 'ignore',
      timeout: LONGEST,
      killSignal: 'SIGKILL',
    });
    running.on('error', reject);
    running.on('close', (code) => resolve(code === 0 ? undefined : redTestOf(copy)));
  });
}

function redTestOf(copy: string): string {
  try {
    const { testResults } = JSON.parse(readFileSync(join(copy, RESULT), 'utf8')) as {
      testResults: { name: string; assertionResults: { status: string; fullName: string }[] }[];
    };
    for (const { name, assertionResults } of testResults) {
      const red = assertionResults.find(({ status }) => status === 'failed');
      if (red !== undefined) return `${name.split('/test/')[1]}: ${red.fullName}`;
    }
  } catch {
    // No report: the tests did not even begin.
  }
  return 'the run itself';
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function rowOf({ mutant: { file, line, kind, text }, killedBy }: Fate): string {
  return `${killedBy === undefined ? 'SURVIVED' : 'killed'} | ${file}:${line} | ${kind} | ${text} | ${killedBy ?? ''}`;
}

await main();
