import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULTS } from '../platform/faults.ts';
import { allMutants, type Mutant } from './mutants.ts';

/*
 * Takes out each safeguard, one at a time and in copies of the project, and runs the tests: one at least must turn red.
 * Prints a table, each row as soon as it is known; ends with 1 if a mutant survives. `npm run mutate -- claim.ts` for the files whose names contain that.
 */

const ROOT = join(import.meta.dirname, '../..');
const COPIED = [
  'functions',
  'infra',
  'shared',
  'test',
  'README.md',
  '.github',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** Where a mutant probably dies: run first. */
const FIRST: readonly (readonly [part: string, tests: readonly string[]])[] = [
  ['shared/licensing/lifecycle', ['test/licensing/lifecycle']],
  ['session-', ['test/sign-in/sessions', 'test/functions/session-hooks/session-ends']],
  ['shared/sign-in/sessions', ['test/sign-in/sessions', 'test/functions/session-hooks']],
  ['shared/licensing/', ['test/licensing/lifecycle', 'test/store/claim']],
  ['shared/imports', ['test/imports']],
  ['shared/store/write-import', ['test/imports']],
  ['shared/store/write-tenant', ['test/administration/tenants', 'test/administration/folders']],
  ['shared/administration/renewals', ['test/renewals']],
  ['shared/store/command-items', ['test/store/command-items']],
  ['shared/store/named-people', ['test/store/command-items']],
  ['shared/store/erasures', ['test/functions/record-history']],
  ['shared/administration/erase-last-changes', ['test/administration/erase-last-changes']],
  ['shared/administration/erase-user', ['test/functions/record-history', 'test/renewals/erased-user']],
  ['shared/administration/hooks', ['test/administration/provider-scopes', 'test/administration/hooks']],
  ['shared/administration/tenant', ['test/administration', 'test/functions/admin-api/operators-settings']],
  ['shared/licensing/limits', ['test/licensing/limits']],
  ['shared/platform/kept', ['test/platform/kept']],
  ['shared/administration/webhook', ['test/administration/webhook']],
  ['shared/history', ['test/functions/record-history']],
  ['shared/sign-in/hooks', ['test/sign-in/hooks', 'test/functions/session-hooks']],
  ['shared/sign-in/providers', ['test/sign-in/providers']],
  ['functions/session-hooks', ['test/functions/session-hooks']],
  ['functions/admin-api', ['test/functions/admin-api/conventions']],
  ['functions/audit-tenants', ['test/functions/audit-tenants']],
  ['shared/audit', ['test/audit']],
  ['clean-up-tenants', ['test/renewals/daily-cleanup']],
  ['cleanup-mark', ['test/renewals/daily-cleanup', 'test/events']],
  ['pool-notice', ['test/events', 'test/functions/publish-events']],
  ['renewal', ['test/renewals']],
  ['switch-licenses', ['test/renewals']],
  ['find-next-step', ['test/renewals']],
  ['import-held-back', ['test/renewals']],
  ['', ['test/store', 'test/sign-in/sessions']],
];

/** Without its safeguard something may go on for ever: that is red as well. */
const LONGEST = 600_000;

const RESULT = 'result.json';

/** Then all unit tests, and at last what interrupts and interleaves. */
const THEN = [
  ['--project', 'unit'],
  [
    '--project',
    'simulation',
    'crashes',
    'interrupted',
    'histories',
    'session-ends',
    'login-storms',
    'renewal',
    'beside',
  ],
];

type Fate = { readonly mutant: Mutant; readonly killedBy: string | undefined };

async function main(): Promise<void> {
  const wanted = process.argv[2] ?? '';
  const mutants = allMutants(ROOT).filter(({ file }) => file.includes(wanted));
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

/** With every safeguard in its place the copy's tests are green: else each mutant would seem to die. */
async function demandGreen(): Promise<void> {
  const copy = copyOfProject();
  try {
    const red = await firstRed(copy, ['--project', 'unit']);
    if (red !== undefined) throw new Error(`red before anything is taken out: ${red}`);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutant-'));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  mkdirSync(join(copy, '.local'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The test that turned red; undefined when none did. */
async function killerOf(copy: string, { file, text, mutated }: Mutant): Promise<string | undefined> {
  const source = readFileSync(join(ROOT, file), 'utf8');
  writeFileSync(join(copy, file), mutated);
  try {
    const [, first = []] = FIRST.find(([part]) => file.includes(part)) ?? [];
    for (const tests of [...testsOfFaults(`${file} ${text}`), ['--project', 'unit', ...first], ...THEN]) {
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
      ...{ cwd: copy, stdio: 'ignore', timeout: LONGEST, killSignal: 'SIGKILL' },
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
