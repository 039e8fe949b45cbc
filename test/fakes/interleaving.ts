import type { Scheduler } from 'fast-check';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Random } from '../../shared/platform/random.ts';
import type { NextTurn } from './wrapped-table.ts';

/** Lets those who wait go on one at a time, in an order that fast-check chooses, prints and shrinks. */
export function fastCheckTurns(scheduler: Scheduler): NextTurn {
  return async (label) => {
    await scheduler.schedule(Promise.resolve(), label);
  };
}

/** The same for crowds, which the scheduler's records are too heavy for: the seed alone replays it. */
export function seededTurns(random: Random): NextTurn {
  const waiting: (() => void)[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      // Whoever went on last shall have come to its next call before anybody else is chosen.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      const index = random(waiting.length);
      const last = waiting.pop();
      const chosen = index === waiting.length ? last : waiting[index];
      if (index < waiting.length && last !== undefined) waiting[index] = last;
      chosen?.();
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
    isRunning = false;
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isRunning) void run();
    });
}

/** A clock that stands still; who pauses waits at the nextTurn, like everybody else. */
export function turnTakingClock(clock: Clock, nextTurn: NextTurn): Clock {
  return { now: clock.now, pause: () => nextTurn('pause') };
}

/** Runs `work` on all of them, at most `width` at a time. */
export async function atOnce<Input, Output>(
  inputs: readonly Input[],
  width: number,
  work: (input: Input) => Promise<Output>,
): Promise<readonly Output[]> {
  const results: Output[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < inputs.length) {
      const index = next;
      next += 1;
      results[index] = await work(inputs[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, inputs.length) }, worker));
  return results;
}
