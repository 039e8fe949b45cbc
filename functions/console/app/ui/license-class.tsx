import type { LicenseClass } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';

/** Licenses without a module of their own are for all modules. */
const ALL_MODULES = 'all';

/** Returns a function that gives the class of a license in words, such as `dedicated, write, all modules`. */
export function useClassText(): (of: LicenseClass) => string {
  const text = useText();
  return ({ type, access, modules }) =>
    modules === ALL_MODULES
      ? text(`ui.class-${type}-${access}`)
      : text('ui.class-module', { of: text(`ui.class-${type}-${access}`), modules });
}

/** The path of a folder. The root has no name of its own. */
export function FolderName({ path }: { readonly path: string }) {
  return path === '' ? <T id="ui.root" /> : <bdi translate="no">{path}</bdi>;
}

export function useFolderText(): (path: string) => string {
  const text = useText();
  return (path) => (path === '' ? text('ui.root') : path);
}
