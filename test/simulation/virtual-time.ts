import { setImmediate } from 'node:timers/promises';
import { instantOf } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { NOW } from '../fakes/world.ts';

export type VirtualTime = {
  /** Milliseconds since the simulation began. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** No time passes until what this answers is called: somebody works in real time. */
  readonly hold: () => () => void;
  /** The same time for the service. */
  readonly clock: Clock;
};

/**
 * Time that passes only while everybody waits for it: an hour takes no longer than what happens in it, and the same
 * seed gives the same order of events. It runs by itself as long as anybody sleeps.
 */
export function virtualTime(start = NOW): VirtualTime {
  const begin = Date.parse(start);
  const waiting: { readonly at: number; readonly wake: () => void }[] = [];
  let now = 0;
  let held = 0;
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    for (;;) {
      // Whoever went on last shall have come to its next wait before time passes.
      do await setImmediate();
      while (held > 0);
      const next = waiting.shift();
      if (next === undefined) break;
      now = next.at;
      next.wake();
    }
    isRunning = false;
  };

  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => {
      const at = now + Math.max(0, milliseconds);
      let low = 0;
      let high = waiting.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (waiting[middle]!.at <= at) low = middle + 1;
        else high = middle;
      }
      waiting.splice(low, 0, { at, wake });
      if (!isRunning) void run();
    });

  const hold = (): (() => void) => {
    held += 1;
    return () => {
      held -= 1;
    };
  };

  return { now: () => now, sleep, hold, clock: { now: () => instantOf(begin + Math.floor(now)), pause: sleep } };
}
