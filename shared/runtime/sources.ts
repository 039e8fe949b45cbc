import { randomInt } from 'node:crypto';
import { systemClock } from './clock.ts';
import { log } from './log.ts';
import { seededRandom } from './random.ts';

/** The machine's clock, and a source of randomness whose seed stands in the log, for a function's composition. */
export function systemSources() {
  const seed = randomInt(2 ** 31);
  log('started', { seed });
  return { clock: systemClock, random: seededRandom(seed) };
}
