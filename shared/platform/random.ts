import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Returns an integer from 0 to below `below`. It is the only source of randomness; `compose-on.ts` seeds it. */
export type Random = (below: number) => number;

const CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Returns a random text, for an id. */
export function randomText(random: Random, length: number, characters: string = CHARACTERS): string {
  return Array.from({ length }, () => characters[random(characters.length)]).join('');
}

/** Returns a source of randomness that gives the same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return (below) => (below <= 1 ? 0 : uniformInt(generator, 0, below - 1));
}
