import { plus } from '../licensing/time.ts';
import type { Clock } from './clock.ts';
import { TryAgain } from './errors.ts';
import type { Random } from './random.ts';

/** How long a call retries when concurrent writes win, in milliseconds. */
const PATIENCE = 2_000;

const LONGEST_PAUSE = 200;
const SHORTEST_PAUSE = 40;

/**
 * Repeats an attempt until it returns an answer. An attempt that lost against a concurrent write returns undefined, and
 * is repeated from its beginning after a random pause. After two seconds (or `patience`, in milliseconds) it throws
 * `TryAgain`, since the outcome is unknown.
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
