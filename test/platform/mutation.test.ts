import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EDITS } from '../mutation/edits.ts';
import { allMutants } from '../mutation/mutants.ts';
import { FIRST_TESTS, firstTestsOf, SIMULATIONS } from '../mutation/tests-of-mutants.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const mutants = allMutants(ROOT);
const tests = globSync('test/**/*.test.ts', { cwd: ROOT });
const namedTests = [...FIRST_TESTS.flatMap(([, first]) => first), ...SIMULATIONS];

it('finds the text of each listed edit exactly once', () => {
  const byHand = mutants.filter(({ kind }) => kind === 'by hand').map(({ file, text }) => `${file} ${text}`);

  expect(byHand).toHaveLength(EDITS.length);
  expect(new Set(byHand).size).toBe(EDITS.length);
  for (const { from, to } of EDITS) expect(from).not.toBe(to);
});

// A name that fits no test file ends a run as red as a failing test does: each mutant would count as killed.
it.each(namedTests)('finds test files named %s', (name) => {
  expect(tests.filter((file) => file.startsWith(name))).not.toEqual([]);
});

it.each(FIRST_TESTS.map(([part]) => part))('uses the row of "%s" for the mutants of some file', (part) => {
  const files = [...new Set(mutants.map(({ file }) => file))];
  const first = FIRST_TESTS.find(([row]) => row === part)?.[1];

  expect(files.filter((file) => file.includes(part) && firstTestsOf(file) === first)).not.toEqual([]);
});
