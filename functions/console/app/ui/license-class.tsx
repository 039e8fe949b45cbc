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

/** The class of a license, with the module as the name that it is. */
export function ClassName({ of }: { readonly of: LicenseClass }) {
  const { type, access, modules } = of;
  const short = <T id={`ui.class-${type}-${access}`} />;
  return modules === ALL_MODULES ? short : <T id="ui.class-module" values={{ of: short, modules }} />;
}
