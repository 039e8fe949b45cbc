import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LIBRARY_STYLE_HASHES } from '../../../functions/console/library-styles.ts';

const library = join(createRequire(import.meta.url).resolve('react-aria/package.json'), '../dist/private');

test.each([
  ['interactions/usePress.mjs', 0],
  ['overlays/usePreventScroll.mjs', 1],
])('the style that %s adds to a page has the hash that the policy allows', (file, place) => {
  const source = readFileSync(join(library, file), 'utf8');

  const [, template = ''] = /style\.textContent = `([^`]*)`\.trim\(\)/.exec(source) ?? [];
  const style = template.replaceAll(/\$\{(.+?)\}/g, (_, name: string) => {
    const start = source.indexOf(`const ${name} = '`) + `const ${name} = '`.length;
    return source.slice(start, source.indexOf("'", start));
  });

  const hash = createHash('sha256').update(style.trim()).digest('base64');
  expect(LIBRARY_STYLE_HASHES[place]).toBe(`'sha256-${hash}'`);
});
