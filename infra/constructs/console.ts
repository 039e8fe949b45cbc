import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';

const ROOT = join(import.meta.dirname, '../..');
const SOURCES = join(ROOT, 'functions/console');
const CACHE = join(ROOT, 'node_modules/.cache/console');
/** Branches and other processes may still copy an older build. */
const KEPT = 5;

/**
 * Copies the built console into a folder. The build takes seconds, so it is kept until its sources or the lock file
 * change. It runs in a process of its own, because a synthesis cannot wait for a promise.
 */
export function addConsole(folder: string): void {
  const built = join(CACHE, fingerprint());
  if (!existsSync(built)) {
    const draft = `${built}.${process.pid}`;
    const build = spawnSync(process.execPath, [join(SOURCES, 'build.ts'), draft], { encoding: 'utf8' });
    if (build.status !== 0) throw new Error(`The console could not be built:\n${build.stderr}`);
    if (existsSync(built)) rmSync(draft, { recursive: true });
    else renameSync(draft, built);
    forgetOldBuilds();
  }
  cpSync(built, folder, { recursive: true });
}

function forgetOldBuilds(): void {
  const builds = readdirSync(CACHE).map((name) => join(CACHE, name));
  const byAge = builds.map((path) => ({ path, time: statSync(path).mtimeMs })).toSorted((a, b) => b.time - a.time);
  for (const { path } of byAge.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}

function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  const entries = readdirSync(SOURCES, { recursive: true, withFileTypes: true });
  const files = entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []));
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

/**
 * A first visit loads some dozen files, a later one a few. So many people can open the console in one second, and a
 * flood of page loads leaves the hooks of the identity providers nearly all of the stage's rate.
 */
const THROTTLE = { rateLimit: 200, burstLimit: 400 };

/** API Gateway serves `/console/` under these two as well. */
export function consoleRoutes(console: NodeFunction): HttpApiRoutes {
  return {
    function: console,
    routes: [
      { method: 'GET', path: '/console' },
      { method: 'GET', path: '/console/{path+}' },
    ],
    throttle: THROTTLE,
    authorization: {
      none: 'The files of the console: they are the same for everybody and say nothing of a tenant. People sign in there, and every call of the API needs their token.',
    },
  };
}
