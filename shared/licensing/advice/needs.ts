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

/** What `needsOf` assumes. */
export const ASSUMPTIONS = [
  {
    code: 'in-use-and-denied',
    text: 'In an hour or a day, a pool needs as many licenses as people used it at once, and one more for each person who was denied.',
  },
  {
    code: 'denied-once',
    text: 'A person who is denied several times in the same hour or day counts once. Somebody who then gets a license counts as denied and as in use, so a day may show more than its hours.',
  },
  {
    code: 'denied-for-lack',
    text: 'A denial counts if no license was free, or if the only license of the person had expired. Other denials would not have been helped by more licenses.',
  },
  {
    code: 'denied-in-own-folder',
    text: 'A denied person counts in the floating licenses for all modules of their folder, with the access that they need. The search for a license begins there.',
  },
  {
    code: 'in-use-where-found',
    text: 'A person in use counts in the pool of the license that they got, also if it belongs to another folder than theirs.',
  },
  {
    code: 'unused-not-needed',
    text: 'A dedicated license counts only while its user works on it.',
  },
] as const;

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
