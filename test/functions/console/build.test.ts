import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildConsole } from '../../../functions/console/build.ts';
import { builtFiles } from '../../../functions/console/built-files.ts';

type Output = {
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
  readonly entryPoint?: string;
};

const KB = 1024;
const folder = mkdtempSync(join(tmpdir(), 'console-'));
let outputs: Readonly<Record<string, Output>>;

beforeAll(async () => {
  await buildConsole(folder);
  outputs = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')).outputs;
});
afterAll(() => rmSync(folder, { recursive: true }));

const sizeOf = (file: string) => statSync(join(folder, 'assets', `${basename(file)}.br`)).size;
const sum = (files: Iterable<string>) => [...files].reduce((total, file) => total + sizeOf(file), 0);
const scripts = () => Object.keys(outputs).filter((file) => file.endsWith('.js'));
const outputOf = (entry: string) => scripts().find((file) => outputs[file]?.entryPoint?.endsWith(entry))!;

/** A file and what it loads before it runs. */
function withImports(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const { path, kind } of outputs[file]!.imports) if (kind === 'import-statement') withImports(path, known);
  return known;
}

describe('the script', () => {
  test('has at most 300 KB in all, as a browser loads it', () => {
    // A person has one language, and the others are never loaded.
    const others = scripts().filter((file) => /texts_(?!en)/.test(file));

    expect((sum(scripts()) - sum(others)) / KB).toBeLessThanOrEqual(300);
  });

  test.each(['today/today-page.tsx', 'licenses/licenses-page.tsx'])(
    'has at most 200 KB before the page %s shows',
    (page) => {
      const english = scripts().find((file) => file.includes('texts_en'))!;

      expect(
        sum([...withImports(outputOf('main.tsx')), ...withImports(outputOf(page)), english].filter(isFirst)) / KB,
      ).toBeLessThanOrEqual(200);
    },
  );
});

const isFirst = (file: string, place: number, all: readonly string[]) => all.indexOf(file) === place;

test('the document names files that are there, each of them compressed as well', () => {
  const files = builtFiles(folder);
  const document = files('index.html')!.encoded.identity.toString();
  const named = [...document.matchAll(/(?:href|src)="\/console\/(assets\/[^"]+)"/g)].map(([, path]) => path!);

  expect(named.map((path) => path.split('.').at(-1))).toEqual(['svg', 'css', 'js']);
  for (const path of named) expect(files(path)?.encoded.br.length).toBeGreaterThan(0);
});

test('no other file of the folder is served', () => {
  const files = builtFiles(folder);

  expect(readdirSync(folder)).toContain('meta.json');
  for (const path of ['meta.json', 'index.html.br', 'assets', '../functions.ts', ''])
    expect(files(path), path).toBeUndefined();
});
