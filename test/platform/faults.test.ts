import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allMutants } from '../mutation/mutants.ts';
import { FAULTS } from './faults.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const mutants = new Set(allMutants(ROOT).map(({ file, text }) => `${file} ${text}`));
const numbered = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `F${from + index}`);

it('has a test for each fault of logins and of the infrastructure', () => {
  expect(FAULTS.map(({ fault }) => fault)).toEqual([...numbered(21, 37), ...numbered(50, 55)]);
});

it.each(FAULTS)('$fault: its test exists, and the mutation script takes its safeguard out', (fault) => {
  const [file, title] = fault.test;

  const source = readFileSync(`${ROOT}/test/${file}`, 'utf8');
  const { safeguard } = fault;

  expect(source).toContain(title);
  expect(source).not.toMatch(/\b(it|test|describe)\.(skip|todo|only)\b/);
  expect([...mutants]).toContain(safeguard);
});
