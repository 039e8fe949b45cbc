import { later, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';

/**
 * How many licenses an import writes per second. The vacancies of one folder stand in one partition of the table, which
 * takes 1,000 write units a second, two for each: the rest is left to those who log in meanwhile.
 */
export const LICENSES_PER_SECOND = 400;

const SLOWEST = 20;

/** How long one write of an import is tried while others are faster or the table is throttled: nobody waits for it. */
export const IMPORT_PATIENCE = 60_000;

export type Pace = {
  /** Waits until the previous writes fit the rate limit. */
  readonly turn: () => Promise<void>;
  /** Tells of a write of so many licenses; one refused for others' writes or for throttling slows the pace down. */
  readonly spent: (licenses: number, done: boolean) => void;
};

export function steadyPace(clock: Clock, perSecond: number): Pace {
  let rate = perSecond;
  let next = clock.now();
  return {
    turn: async () => {
      const now = clock.now();
      if (next > now) await clock.pause(Date.parse(next) - Date.parse(now));
    },
    spent: (licenses, done) => {
      next = plus(later(next, clock.now()), (licenses * 1_000) / rate);
      rate = done ? Math.min(perSecond, rate * 1.1) : Math.max(Math.min(SLOWEST, perSecond), rate / 2);
    },
  };
}

/** Every index from 0 to below `count`, at most `atOnce` at a time. After a fault begins no more, and throws it at the end. */
export async function mapConcurrently(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const lanes = { next: 0, failed: false };
  const lane = async (): Promise<void> => {
    while (lanes.next < count && !lanes.failed) {
      const index = lanes.next;
      lanes.next += 1;
      await work(index).catch((error: unknown) => {
        lanes.failed = true;
        throw error;
      });
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
