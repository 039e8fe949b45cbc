import type { Usage } from '../history/usage.ts';
import { ALL_MODULES } from '../license/license.ts';
import { type ClassInFolder, compareByPool, poolKey } from '../license/pool-counts.ts';

/** How many licenses a pool would have needed in a day or in an hour. */
export type Need = ClassInFolder & {
  /** The most people who used its licenses at once. */
  readonly inUse: number;
  /** The people who were denied because no license was there for them. Each counts once. */
  readonly denied: number;
  readonly needed: number;
  /** The most licenses that were owned at one moment. */
  readonly owned: number;
};

/** Returns what each pool would have needed in the period, without the pools that nobody needed. */
export function needsOf({ pools, lacking }: Usage): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const { folderId, type, access, modules, peak, mostOwned } of pools) {
    const pool = { folderId, type, access, modules };
    needs.set(poolKey(pool), { ...pool, inUse: peak, denied: 0, needed: peak, owned: mostOwned });
  }
  for (const { folderId, access, users } of lacking) {
    const pool = { folderId, type: 'floating', access, modules: ALL_MODULES } as const;
    const known = needs.get(poolKey(pool)) ?? { ...pool, inUse: 0, denied: 0, needed: 0, owned: 0 };
    needs.set(poolKey(pool), { ...known, denied: known.denied + users, needed: known.needed + users });
  }
  return [...needs.values()].filter(({ needed }) => needed > 0).toSorted(compareByPool);
}
