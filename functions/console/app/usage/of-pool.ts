import { type Pool, poolKey } from './pool-name.tsx';
import type { Peak } from './queries.ts';

/** Returns the most that was in use of a pool in a period, and the most that was owned. */
export function peakIn({ pools }: Peak, pool: Pool): { readonly peak: number; readonly owned: number } {
  return pools.find((one) => poolKey(one) === poolKey(pool)) ?? { peak: 0, owned: 0 };
}

/** Returns how many people of the pool's folder were denied for lack of a license with its right. */
export function deniedIn({ denials }: Peak, { folder, access }: Pool): number {
  return denials
    .filter((one) => one.folder === folder && one.access === access && one.reason === 'no-free-license')
    .reduce((sum, { users }) => sum + users, 0);
}
