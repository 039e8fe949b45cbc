import { later, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';

/**
 * How many licenses an import writes per second. The vacancies of one folder are in one partition of the table, which
 * takes 1,000 write units a second, and each license needs two. The rest is left for concurrent logins.
 */
export const LICENSES_PER_SECOND = 400;

const SLOWEST = 20;

/** How long one write of an import is retried under contention or throttling. No user waits for it. */
export const IMPORT_PATIENCE = 60_000;

export type Pace = {
  /** Waits until the previous writes fit the rate limit. */
  readonly turn: () => Promise<void>;
  /**
   * Records a write of so many licenses. A write that was refused because of contention or throttling slows the pace
   * down.
   */
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

/**
 * Calls a function for every index from 0 to below `count`, at most `atOnce` at a time. After an error it starts no
 * more calls, and throws the error at the end.
 */
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
