import type { Answer } from '../api/types.ts';

export type LayoutWarning = Answer<'/tenants/{tenant}/layout-check'>['warnings'][number];

type Mend = {
  readonly action: 'move' | 'release';
  readonly target:
    | { readonly licenses: readonly { readonly serialNumber: string }[] }
    | { readonly filter: { readonly folder: string; readonly modules: string } };
};

/** Returns the change that mends what a warning is about, or undefined where only people can know what to do. */
export function mendOf(of: Pick<LayoutWarning, 'warning' | 'folder' | 'serialNumbers'>): Mend | undefined {
  const { warning, folder, serialNumbers = [] } = of;
  const licenses = serialNumbers.map((serialNumber) => ({ serialNumber }));
  switch (warning) {
    case 'modules-mixed-in-folder':
      return { action: 'move', target: { filter: { folder, modules: 'all' } } };
    case 'free-all-modules-in-root':
    case 'dedicated-without-user-cards':
      return { action: 'move', target: { licenses } };
    case 'expired-assigned':
    case 'set-aside-assigned':
      return { action: 'release', target: { licenses } };
    case 'nothing-for-user-card':
      return undefined;
  }
}
