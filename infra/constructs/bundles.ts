import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

export type BundleOptions = {
  /** The folder for the bundles. */
  readonly outdir: string;
  /** Whether a debugger can step through the bundle on this machine. If so, it is not minified. */
  readonly debuggable: boolean;
};

/**
 * Bundles `functions/<name>/handler.ts` of all names into `<outdir>/<name>/index.mjs`: one ES module each, with the SDK
 * at its locked version. Its source map makes error stacks name the `.ts` file, line and function (decision 35). All
 * functions are bundled in one call, because they share nearly all the code (decision 15).
 */
export function bundle(names: readonly string[], { outdir, debuggable }: BundleOptions): void {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: `functions/${name}/handler.ts`, out: name })),
    // No file is written to this folder. A source map names its sources relative to it.
    outdir: ROOT,
    write: false,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(import.meta.dirname, 'lambda-credentials.ts') },
    legalComments: 'none',
    sourcesContent: false,
    ...(debuggable ? DEBUGGABLE : DEPLOYED),
    // CommonJS code inside a bundle loads Node's own modules with `require`.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  for (const { path, contents } of outputFiles) {
    const file = basename(path);
    const [name = ''] = file.split('.');
    const target = join(outdir, name, file === `${name}.mjs` ? 'index.mjs' : file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
}

/** Writes the source map beside the bundle. Node reads it when it formats a stack trace. */
const DEPLOYED = { minify: true, sourcemap: 'linked' } as const satisfies BuildOptions;

/** Writes the source map into the bundle. It names the sources of this checkout, wherever the bundle is copied to. */
const DEBUGGABLE = { sourcemap: 'inline', sourceRoot: `${pathToFileURL(ROOT)}/` } as const satisfies BuildOptions;
