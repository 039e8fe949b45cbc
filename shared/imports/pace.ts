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
  readonly wait: () => Promise<void>;
  /**
   * Records a write of `licenses` licenses. A write that was refused because of contention or throttling slows the pace
   * down.
   */
  readonly record: (licenses: number, done: boolean) => void;
};

export function steadyPace(clock: Clock, perSecond: number): Pace {
  let rate = perSecond;
  let next = clock.now();
  return {
    wait: async () => {
      const now = clock.now();
      if (next > now) await clock.pause(Date.parse(next) - Date.parse(now));
    },
    record: (licenses, done) => {
      next = plus(later(next, clock.now()), (licenses * 1_000) / rate);
      rate = done ? Math.min(perSecond, rate * 1.1) : Math.max(Math.min(SLOWEST, perSecond), rate / 2);
    },
  };
}
