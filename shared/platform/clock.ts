import { type Instant, instantOf } from '../licensing/time.ts';

/** The one source of time; the composition root gives the machine's, tests a fixed or moved one. */
export type Clock = {
  readonly now: () => Instant;
  readonly pause: (milliseconds: number) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
