import type { DatabaseSync } from 'node:sqlite';
import { recall, remember } from './state.ts';

/** The clock of the whole stack: the machine's time plus an offset, which workers read from shared memory. */
export type Clock = {
  /** The present in milliseconds since 1970, as everything in the stack sees it. */
  readonly now: () => number;
  /** Moves the clock. The offset survives restarts. */
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
