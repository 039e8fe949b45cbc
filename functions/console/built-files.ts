import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type BuiltFile = {
  readonly type: string;
  /** The content by its encoding. */
  readonly encoded: Readonly<Record<'br' | 'gzip' | 'identity', Buffer>>;
};

/** Finds a file of the console's build by its path under `/console/`. */
export type BuiltFiles = (path: string) => BuiltFile | undefined;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Returns the files of a folder. Only names that stand in it now are ever read, so a path cannot lead out of it. */
export function builtFiles(folder: string): BuiltFiles {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  const known = new Map<string, BuiltFile | undefined>(
    names.filter((name) => typeOf(name) !== undefined).map((name) => [name.replaceAll('\\', '/'), undefined]),
  );
  return (path) => {
    if (!known.has(path)) return undefined;
    const file = known.get(path) ?? read(join(folder, path), typeOf(path) ?? '');
    known.set(path, file);
    return file;
  };
}

const typeOf = (name: string) => TYPES[name.split('.').at(-1) ?? ''];

function read(file: string, type: string): BuiltFile {
  const encoded = { identity: readFileSync(file), br: readFileSync(`${file}.br`), gzip: readFileSync(`${file}.gz`) };
  return { type, encoded };
}
