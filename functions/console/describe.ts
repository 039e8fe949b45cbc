import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApi } from '../admin-api/open-api.ts';
import { ROUTES } from '../admin-api/routes.ts';
import { catalog, languages } from './build.ts';
import { describeApi } from './describe-api.ts';

const TARGET = join(import.meta.dirname, 'app/described');

/** The module that the build makes of the catalogs. */
const CATALOGS = `declare module 'texts:catalogs' {
  export const CATALOGS: Readonly<
    Record<import('./texts.ts').Language, () => Promise<{ default: Record<string, import('react-intl').MessageFormatElement[]> }>>
  >;
}
`;

/** Writes the types that the browser's code has of the API and of the texts. `npm run types` does it first. */
function describe(): void {
  const ids = Object.keys(catalog('en')).map((id) => `  | '${id}'`);
  const tags = languages().map((language) => `'${language}'`);
  mkdirSync(TARGET, { recursive: true });
  writeFileSync(join(TARGET, 'api.ts'), describeApi(openApi(ROUTES)));
  writeFileSync(
    join(TARGET, 'texts.ts'),
    `export type TextId =\n${ids.join('\n')};\nexport type Language = ${tags.join(' | ')};\n`,
  );
  writeFileSync(join(TARGET, 'catalogs.d.ts'), CATALOGS);
}

if (import.meta.main) describe();
