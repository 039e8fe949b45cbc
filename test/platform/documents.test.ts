import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../functions/admin-api/open-api.ts';
import { ROUTES } from '../../functions/admin-api/routes.ts';
import { LIMITS } from '../../shared/license-file/format.ts';

const RULES = 'shared/licensing/README.md';
const TESTS = 'test/README.md';
const FOLDERS = ['.github', 'functions', 'infra', 'shared', 'test'];

/** Every source, test and document of the project; samples aside. */
const files = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  ...FOLDERS.flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))),
].filter((path) => /\.(ts|md)$/.test(path) && !path.startsWith('test/fixtures/'));
const documents = files.filter((path) => path.endsWith('.md'));

const textOf = (path: string) => readFileSync(path, 'utf8');

/**
 * The numbers that a text cites: `R14`, `F01` (always two digits, unlike a serial number), `I3`, and all of `R12–R20`.
 */
function citedIn(text: string): readonly string[] {
  const cited = text.matchAll(/\b(?:([RI])(\d{1,2})|(F)(\d{2}))(?:[–-](?:\1|\3)(\d{1,2}))?\b/g);
  return [...cited].flatMap(([, letter, number, fault, faultNumber, last]) => {
    const first = Number(number ?? faultNumber);
    const length = last === undefined ? 1 : Math.max(1, Number(last) - first + 1);
    return Array.from({ length }, (_, index) => named(letter ?? fault ?? '', first + index));
  });
}

function named(letter: string, number: number): string {
  return `${letter}${String(number).padStart(letter === 'F' ? 2 : 1, '0')}`;
}

/** The numbers that begin a heading. */
function rulesIn(text: string): readonly string[] {
  return [...text.matchAll(/^### (R\d+) \S/gm)].map(([, number = '']) => number);
}

/** The numbers that begin a heading, a row of a table or an item of a list. */
function faultsAndInvariantsIn(text: string): readonly string[] {
  const begun = text.matchAll(/^(?:#+ |\| ?|[-*] )?[*`[]*(?:(F)(\d{1,2})|(I)(\d{1,2}))\b/gm);
  return [...begun].map(([, fault, number, invariant, other]) =>
    named(fault ?? invariant ?? '', Number(number ?? other)),
  );
}

/** Where each number that is not defined is cited. */
function undefinedNumbers(letters: string, defined: readonly string[]): readonly string[] {
  const known = new Set(defined);
  return files.flatMap((path) =>
    [...new Set(citedIn(textOf(path)))]
      .filter((number) => letters.includes(number.charAt(0)) && !known.has(number))
      .map((number) => `${number} in ${path}`),
  );
}

describe('the numbers that code, tests and documents cite', () => {
  it('are found, each number of a range too, and serial numbers are not', () => {
    const cited = citedIn('R3–R5 (F01, I12), F1001 and F1, R14-R15');

    expect(cited).toEqual(['R3', 'R4', 'R5', 'F01', 'I12', 'R14', 'R15']);
  });

  it('are rules that the rule book defines once, in their order', () => {
    const rules = rulesIn(textOf(RULES));

    const numbers = rules.map((rule) => Number(rule.slice(1)));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((one, other) => one - other));
    expect(undefinedNumbers('R', rules)).toEqual([]);
  });

  it('are decisions that the documents define once, each with its date', () => {
    const headings = documents.flatMap((path) => textOf(path).match(/^### Decision \d.*$/gm) ?? []);
    const defined = headings.map(
      (heading) => heading.match(/^### Decision (\d+): \S.* \(20\d\d-\d\d-\d\d\)$/)?.[1] ?? heading,
    );

    const cited = files.flatMap((path) =>
      [...textOf(path).matchAll(/\bdecision (\d+)\b/gi)].map(([, number]) => `${number} in ${path}`),
    );
    expect(defined.toSorted()).toEqual([...new Set(defined)].toSorted());
    expect(cited.filter((citation) => !defined.includes(citation.split(' ')[0] ?? ''))).toEqual([]);
  });

  it.each(rulesIn(textOf(RULES)))('%s has a link to its code and one to its test', (rule) => {
    const [, section = ''] = textOf(RULES).split(`\n### ${rule} `);
    const [ofRule = ''] = section.split(/^##/m);

    expect(ofRule).toMatch(/^Code: (?:.+\n)*?.*\]\(\.\.?\//m);
    expect(ofRule).toMatch(/^Test: (?:.+\n)*?.*\]\(\.\.\/\.\.\/test\//m);
  });

  it.each(rulesIn(textOf(RULES)))('%s is named by at least one of its tests', (rule) => {
    const [, section = ''] = textOf(RULES).split(`\n### ${rule} `);
    const [ofRule = ''] = section.split(/^##/m);
    const tests = [...ofRule.matchAll(/\]\(\.\.\/\.\.\/(test\/[^)]+)\)/g)].map(([, path = '']) => path);

    expect(tests.flatMap((path) => citedIn(textOf(path)))).toContain(rule);
  });

  it('are faults and invariants that the README of the tests defines', () => {
    expect(existsSync(TESTS), `${TESTS} is missing: it must define the faults F01… and the invariants I1…`).toBe(true);

    expect(undefinedNumbers('FI', faultsAndInvariantsIn(textOf(TESTS)))).toEqual([]);
  });
});

/** A document's text without its code, in which brackets are not links and lines with # are not headings. */
function proseOf(path: string): string {
  return textOf(path).replace(/^(```+)[\s\S]*?^\1/gm, '');
}

function linksIn(path: string): readonly string[] {
  const prose = proseOf(path).replace(/`[^`\n]*`/g, 'code');
  const inline = prose.matchAll(/\]\(<?([^()\s>]+(?:\([^()\s]*\))?)>?(?:\s+"[^"]*")?\)/g);
  const references = prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm);
  return [...inline, ...references].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub makes of a document's headings: of two alike the second ends in `-1`. */
function anchorsOf(path: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...proseOf(path).matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) => {
    const text = heading
      .trim()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    return before === 0 ? anchor : `${anchor}-${before}`;
  });
  const named = [...proseOf(path).matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = '']) => name);
  return new Set([...headings, ...named]);
}

/** Why a link leads nowhere; undefined when it leads somewhere. */
function brokenLink(document: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), decodeURIComponent(path));
  if (!existsSync(file)) return `${document}: there is no file for ${target}`;
  if (anchor === undefined) return undefined;
  const isThere = file.endsWith('.md')
    ? anchorsOf(file).has(anchor)
    : Number(/^L(\d+)$/.exec(anchor)?.[1] ?? Number.POSITIVE_INFINITY) <= textOf(file).split('\n').length;
  return isThere ? undefined : `${document}: there is no place for ${target}`;
}

describe('the documents', () => {
  it.each(documents)('%s: every link leads somewhere', (document) => {
    expect(linksIn(document).flatMap((target) => brokenLink(document, target) ?? [])).toEqual([]);
  });

  it('give each limit of license files as it is in the code', () => {
    const rows = [...textOf('shared/license-file/README.md').matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)];

    expect(Object.fromEntries(rows.map(([, name, value = '']) => [name, Number(value.replaceAll(',', ''))]))).toEqual({
      ...LIMITS,
    });
  });

  it('have every key of the table in the legend', () => {
    const keys = textOf('shared/store/keys.ts').matchAll(
      /^export function (\w+)\((?:(?!\nexport )[\s\S])*?\): Key \{/gm,
    );
    const legend = textOf('shared/store/README.md');

    const names = [...keys].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !legend.includes(`| \`${name}\` |`))).toEqual([]);
  });
});

it('the package and the description of the API have one version', () => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };

  expect(openApi(ROUTES).info.version).toBe(version);
});
