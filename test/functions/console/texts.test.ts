import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { createIntl } from 'react-intl';
import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../functions/admin-api/problems.ts';
import { catalog, languages } from '../../../functions/console/build.ts';

const APP = join(import.meta.dirname, '../../../functions/console/app');
const english = catalog('en');
const sources = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('described'))
  .map((name) => ({ name, text: readFileSync(join(APP, name), 'utf8') }));

/** The names that a text takes, such as `count`. What stands in braces after a case of a plural is no name. */
const argumentsIn = (text: string) =>
  [
    ...new Set([...text.matchAll(/(?<!(?:one|few|many|other|=-?\d+) )\{(\w+)[,}]/g)].map(([, name]) => name)),
  ].toSorted();

describe.each(languages())('the catalog %s', (language) => {
  const texts = catalog(language);

  test('has all texts, and no others', () => {
    expect(Object.keys(texts).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  test('has texts that can be shown', () => {
    const faults: string[] = [];
    const intl = createIntl({ locale: language, messages: texts, onError: ({ message }) => faults.push(message) });
    for (const [id, text] of Object.entries(texts)) {
      intl.formatMessage({ id }, Object.fromEntries(argumentsIn(text).map((name) => [name, 2])));
    }

    expect(faults).toEqual([]);
  });

  test('has no empty text, and takes the same values in each text', () => {
    for (const [id, text] of Object.entries(texts)) {
      expect.soft(text.trim(), id).not.toBe('');
      expect.soft(argumentsIn(text), id).toEqual(argumentsIn(english[id] ?? ''));
    }
  });
});

test('the language beside English differs from it in nearly every text', () => {
  const same = Object.entries(catalog('fi')).filter(([id, text]) => text === english[id] && /\w{4,}/.test(text));

  expect(same.map(([id]) => id).filter((id) => !NAMES.includes(id))).toEqual([]);
});

/** Names, which are the same in every language. */
const NAMES = ['shell.product', 'shell.window-title'];

test.each(languages())('every problem of the API has its words in the catalog %s', (language) => {
  const texts = catalog(language);
  const missing = Object.keys(PROBLEMS).filter((code) => !/\p{L}{2}/u.test(texts[`problems.${code}`] ?? ''));

  expect(missing).toEqual([]);
});

test('every text is used', () => {
  const all = sources.map(({ text }) => text).join('\n');
  // An id may be made of a code: `licenses.state-${state}`.
  const patterns = [...all.matchAll(/`([\w-]+\.[\w-]*)\$\{[^`]*\}([\w-]*)`/g)].map(
    ([, start = '', end = '']) => new RegExp(`^${start.replace('.', '\\.')}.+${end}$`),
  );
  const unused = Object.keys(english).filter(
    (id) => !all.includes(`'${id}'`) && !all.includes(`"${id}"`) && !patterns.some((pattern) => pattern.test(id)),
  );

  expect(unused).toEqual([]);
});

test.each(sources.filter(({ name }) => name.endsWith('.tsx')))('no text stands in the code of $name', ({ text }) => {
  const { code } = transformSync(text, { loader: 'tsx', jsx: 'automatic', charset: 'utf8' });
  const attributes = [...code.matchAll(/(?:"aria-label"|title|label|placeholder|alt): "([^"]*)"/g)];
  const found = [...childrenIn(code), ...attributes.map(([, attribute = '']) => attribute)];

  expect(found.filter((one) => /\p{L}{2}/u.test(one))).toEqual([]);
});

/** Returns the texts that stand between tags, from code in which tags are calls. */
function childrenIn(code: string): string[] {
  return [...code.matchAll(/children: (?=["[])/g)].flatMap(({ index, 0: { length } }) => {
    const texts: string[] = [];
    let depth = 0;
    const rest = index + length;
    for (const { 0: token, index: place } of code
      .slice(rest)
      .matchAll(/"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[[({})\]]/g)) {
      const at = rest + place;
      if (depth <= 1 && token.startsWith('"') && isShown(code.slice(0, at))) texts.push(token.slice(1, -1));
      if (/[[({]/.test(token)) depth++;
      if (/[\])}]/.test(token)) depth--;
      if (depth <= 0) break;
    }
    return texts;
  });
}

/** Whether what follows is a child, and not a value that something is compared with. */
const isShown = (before: string) => /[[,:?]\s*$/.test(before);
