import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AUDIENCE, CONSOLE_CLIENT } from './issuer.ts';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(projectRoot, 'node_modules/.cache/local-stack');
const projectApp = join(projectRoot, 'infra/app.ts');
const bundledByProjectApp = ['functions', 'shared', 'tsconfig.json'];
/**
 * The issuer's address in the template. It is replaced when the local issuer listens, because its port is not known
 * before.
 */
export const ISSUER_NAME = 'https://issuer.of.the.local.stack';
/** The context that `cdk deploy` gets by `-c`. */
const CONTEXT = JSON.stringify({
  issuer: ISSUER_NAME,
  audience: AUDIENCE,
  consoleClientId: CONSOLE_CLIENT,
  debuggable: true,
});
/** The most folders in the cache. Every change of the sources creates one of some megabytes. */
const KEPT = 5;

/**
 * Synthesizes the app in a process of its own, and returns the folder. Does not synthesize again if the sources are
 * unchanged. The folder is in a cache, so a caller who needs it for long copies it.
 */
export async function synthesize(app = projectApp): Promise<string> {
  const assembly = join(cache, await fingerprint(app));
  if (existsSync(assembly)) {
    await utimes(assembly, new Date(), new Date());
    return assembly;
  }
  await mkdir(cache, { recursive: true });
  const draft = join(cache, `draft-${randomUUID()}`);
  try {
    await promisify(execFile)(process.execPath, [app], {
      cwd: projectRoot,
      env: { ...process.env, CDK_OUTDIR: draft, CDK_CONTEXT_JSON: CONTEXT },
      maxBuffer: 64 * 1024 * 1024,
    });
    // Concurrent syntheses of the same sources create the same folder. The first one stays.
    await rename(draft, assembly).catch((error: unknown) => {
      if (!existsSync(assembly)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await forgetOldOnes();
  return assembly;
}

async function fingerprint(app: string): Promise<string> {
  const hash = createHash('sha256').update(CONTEXT).update(projectRoot);
  const more = app === projectApp ? bundledByProjectApp : [];
  for (const source of [dirname(app), ...['package-lock.json', ...more].map((path) => join(projectRoot, path))]) {
    for (const file of await filesIn(source)) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 32);
}

async function filesIn(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(import.meta.dirname))
    .toSorted();
}

/**
 * Deletes old folders, also drafts of a synthesis that was killed. A concurrent process may have moved or deleted a
 * folder already.
 */
async function forgetOldOnes(): Promise<void> {
  const all = await Promise.all(
    (await readdir(cache)).map(async (name) => {
      const path = join(cache, name);
      const usedAt = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { path, usedAt };
    }),
  );
  for (const { path } of all.toSorted((a, b) => b.usedAt - a.usedAt).slice(KEPT)) {
    await rm(path, { recursive: true, force: true });
  }
}
