import { LICENSE_FILE_NAME } from './format.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII ones only; in old code pages the others are letters
const CONTROL_CHARACTER = /[\x00-\x1f\x7f]/;

export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).toLowerCase();
}

/** Returns whether the name is that of the license file, in any folder but `__MACOSX/`. */
export function isLicenseName(name: string): boolean {
  return baseName(name) === LICENSE_FILE_NAME && !name.startsWith('__MACOSX/');
}

/**
 * Returns what is wrong with a name that is not a plain relative path, or undefined. Control characters count in the
 * path of the license file only: macOS keeps the icon of a folder in a file named "Icon" and a carriage return.
 */
export function pathFault(name: string): string | undefined {
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (parts.includes('..')) return 'The path of this file leads out of its folder.';
  if (name.includes('\\')) return 'There is a backslash in the path of this file.';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'The path of this file does not begin in the archive.';
  if (parts.includes('') || parts.includes('.')) return 'The path of this file has an empty part, or a dot as a part.';
  if (name.includes('\0') || (isLicenseName(name) && CONTROL_CHARACTER.test(name))) {
    return 'There is a control character in the path of this file.';
  }
  return undefined;
}

/**
 * Returns whether all names of one file agree that it is the license file, or that it is not. A program that does not
 * know the old code page of a name writes it a second time in UTF-8, so the folders may differ.
 */
export function namesAgree(names: readonly (string | undefined)[]): boolean {
  const [first = '', ...others] = names.filter((name) => name !== undefined);
  return others.every((other) => isLicenseName(other) === isLicenseName(first));
}
