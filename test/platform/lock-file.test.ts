import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Entry = {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly inBundle?: boolean;
  readonly dev?: boolean;
  readonly license?: string;
};

const lockFile = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Entry> };
const { '': _project, ...packages } = lockFile.packages;
const entries = Object.entries(packages).map(([path, entry]) => ({ path, ...entry }));

test('every package has the hash of its content, or comes inside a package that has one', () => {
  const parentOf = (path: string) => packages[path.slice(0, path.lastIndexOf('/node_modules/'))];
  const unproven = entries.filter(
    ({ path, integrity, inBundle }) =>
      !/^sha512-[\w+/]{86}==$/.test(integrity ?? '') && !(inBundle && parentOf(path)?.integrity !== undefined),
  );
  expect(unproven.map(({ path }) => path)).toEqual([]);
});

test('every package comes from the npm registry', () => {
  const elsewhere = entries.filter(({ resolved = '' }) => !/^$|^https:\/\/registry\.npmjs\.org\//.test(resolved));
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
});

test('packages under a copyleft license are tools of development, and the strong ones are listed (decision 47)', () => {
  const copyleft = entries.filter(({ license = '' }) => /GPL|MPL|EPL|SSPL|CDDL/.test(license) && !/ OR /.test(license));
  expect(copyleft.filter(({ dev }) => !dev)).toEqual([]);
  const strong = copyleft.filter(({ license = '' }) => /GPL|SSPL/.test(license));
  expect(strong.map(({ path }) => path.replace('node_modules/', ''))).toEqual([
    '@cloud-copilot/iam-policy',
    '@cloud-copilot/iam-simulate',
    '@cloud-copilot/iam-utils',
  ]);
});
