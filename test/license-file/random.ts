import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A whole number from 0 up to, not including, the bound. */
export type Random = (bound: number) => number;

export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return (bound) => uniformInt(generator, 0, Math.max(0, bound - 1));
}
