import { plus } from '../licensing/time.ts';
import type { Clock } from './clock.ts';
import { TryAgain } from './errors.ts';
import type { Random } from './random.ts';

/** How long a call goes on trying when others are faster. */
export const PATIENCE = 2_000;

const LONGEST_PAUSE = 200;
const SHORTEST_PAUSE = 40;

/**
 * Tries until there is an answer: an attempt that was refused gives undefined, and after a pause of random length is
 * made again from its beginning. After two seconds (or `patience`, in milliseconds) throws `TryAgain`: nothing is known,
 * so nothing is answered.
 */
export async function untilAnswered<Answer>(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  attempt: (attempts: number) => Promise<Answer | undefined>,
  patience: number = PATIENCE,
): Promise<Answer> {
  const deadline = plus(clock.now(), patience);
  for (let attempts = 1; ; attempts += 1) {
    const answer = await attempt(attempts);
    if (answer !== undefined) return answer;
    if (clock.now() >= deadline) throw new TryAgain(`others were faster for ${patience / 1_000} seconds: try again`);
    await clock.pause(random(Math.min(SHORTEST_PAUSE * attempts, LONGEST_PAUSE)));
  }
}
