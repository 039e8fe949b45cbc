import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { parse } from '@formatjs/icu-messageformat-parser';
import { build, type Plugin } from 'esbuild';

const APP = join(import.meta.dirname, 'app');
const TEXTS = join(APP, 'texts');

/** Returns the languages of the console, each of which is a folder of catalogs. */
export function languages(): string[] {
  const entries = readdirSync(TEXTS, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** Returns all texts of a language. A text's id is the name of its file and its key: `licenses.title`. */
export function catalog(language: string): Record<string, string> {
  const folder = join(TEXTS, language);
  return Object.fromEntries(
    readdirSync(folder)
      .toSorted()
      .flatMap((file) => {
        const texts: Record<string, string> = JSON.parse(readFileSync(join(folder, file), 'utf8'));
        return Object.entries(texts).map(([key, text]) => [`${basename(file, '.json')}.${key}`, text]);
      }),
  );
}

/** Parses the texts, so that the browser needs no parser. */
function parsed(texts: Record<string, string>) {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, parse(text)]));
}

/** Makes `texts:catalogs`, which loads a language when it is wanted. Each language is one file of the build. */
const textsPlugin: Plugin = {
  name: 'texts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^texts:/ }, ({ path }) => ({ path, namespace: 'texts' }));
    onLoad({ filter: /.*/, namespace: 'texts' }, ({ path }) => {
      if (path !== 'texts:catalogs') {
        // Not the loader for JSON, which exports each text once more by its id.
        const texts = JSON.stringify(parsed(catalog(path.replace('texts:', ''))));
        return { contents: `export default JSON.parse(${JSON.stringify(texts)});`, loader: 'js' };
      }
      const entries = languages().map((language) => `${JSON.stringify(language)}: () => import('texts:${language}')`);
      return { contents: `export const CATALOGS = {${entries.join(',')}};`, loader: 'js' };
    });
  },
};

/** Leaves out the texts that react-aria has for other languages. It falls back to `en-US`, so this one always stays. */
const otherLanguagesPlugin: Plugin = {
  name: 'other-languages',
  setup({ onLoad }) {
    const kept = [...languages(), 'en'];
    onLoad({ filter: /[\\/]intl[\\/].*[\\/][a-z]{2}-[A-Z]{2}\.m?js$/ }, ({ path }) =>
      kept.includes(basename(path).slice(0, 2)) ? undefined : { contents: 'export default {}', loader: 'js' },
    );
  },
};

/**
 * Builds the console into a folder: `index.html` and `assets/` with hashed names, each beside its Brotli and gzip.
 */
export async function buildConsole(outdir: string): Promise<void> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: APP,
    entryPoints: { main: 'main.tsx', style: 'style.css', icon: 'icon.svg' },
    outdir: join(outdir, 'assets'),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.svg': 'copy' },
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['chrome120', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    minify: true,
    metafile: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { '@formatjs/icu-messageformat-parser': '@formatjs/icu-messageformat-parser/no-parser.js' },
    plugins: [textsPlugin, otherLanguagesPlugin],
  });
  const made = (extension: string) =>
    outputFiles
      .map(({ path }) => basename(path))
      .find((name) => new RegExp(`^(main|style|icon)-.*\\.${extension}$`).test(name)) ?? '';
  for (const { path, contents } of outputFiles) write(path, contents);
  write(join(outdir, 'index.html'), document({ script: made('js'), style: made('css'), icon: made('svg') }));
  writeFileSync(join(outdir, 'meta.json'), JSON.stringify(metafile));
}

type Assets = { readonly script: string; readonly style: string; readonly icon: string };

/** Returns the one document. What it says shows only if the script does not take its place. It has no script and no style of its own. */
const document = ({ script, style, icon }: Assets) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>ESM License Service</title>
    <link rel="icon" href="/console/assets/${icon}" />
    <link rel="stylesheet" href="/console/assets/${style}" />
    <script type="module" src="/console/assets/${script}"></script>
  </head>
  <body>
    <div id="console">
      <p class="not-started">The console has not started. <a href="">Load it again</a>, or ask who runs the service.</p>
    </div>
  </body>
</html>
`;

function write(file: string, contents: Uint8Array | string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
  writeFileSync(`${file}.gz`, gzipSync(contents));
  writeFileSync(`${file}.br`, brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}

if (import.meta.main) {
  const [outdir = 'console.out'] = process.argv.slice(2);
  await buildConsole(outdir);
}
