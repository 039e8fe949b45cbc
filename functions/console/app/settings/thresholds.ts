import type { Settings } from './setting-names.ts';

export type Threshold = NonNullable<Settings['poolThresholds']>[number];

/** A threshold as it is written: its number may be any text. */
export type Line = Omit<Threshold, 'free'> & { readonly free: string };

/** How many pools the service takes, and the free licenses of each. A test compares them with the service's. */
export const MOST_POOLS = 200;
export const MOST_FREE = 1_000;

export type LineFault = 'number' | 'folder' | 'twice';

/** Returns what the service would not take, or what it would take without a meaning, at the place of each line. */
export function faultsOf(lines: readonly Line[], folders: readonly string[]): readonly (LineFault | undefined)[] {
  const pools = lines.map(({ folder, type, access }) => JSON.stringify([folder, type, access]));
  return lines.map(({ folder, free }, place) => {
    if (!folders.includes(folder)) return 'folder';
    if (pools.indexOf(pools[place] ?? '') !== place) return 'twice';
    const isNumber = /^\d{1,4}$/.test(free.trim()) && Number(free) >= 1 && Number(free) <= MOST_FREE;
    return isNumber ? undefined : 'number';
  });
}
