import type { DatabaseSync } from 'node:sqlite';
import { recall, remember } from './state.ts';

/** The one time of the whole stack: the machine's, plus an offset that workers read from shared memory. */
export type Clock = {
  /** Milliseconds since 1970, as everything in the stack sees them. */
  readonly now: () => number;
  /** Kept over restarts. */
  readonly setTo: (instant: number) => void;
  readonly offset: BigInt64Array<SharedArrayBuffer>;
};

export function openClock(state: DatabaseSync): Clock {
  const offset = new BigInt64Array(new SharedArrayBuffer(8));
  Atomics.store(offset, 0, BigInt(recall(state, 'clock-offset-ms') ?? 0));
  return {
    offset,
    now: () => Date.now() + Number(Atomics.load(offset, 0)),
    setTo(instant) {
      const moved = BigInt(instant - Date.now());
      remember(state, 'clock-offset-ms', String(moved));
      Atomics.store(offset, 0, moved);
    },
  };
}
