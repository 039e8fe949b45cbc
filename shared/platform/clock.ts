import { type Instant, instantOf } from '../licensing/time.ts';

/** The only source of time. Functions use the machine's clock, and tests use a fixed clock or one that they move. */
export type Clock = {
  readonly now: () => Instant;
  readonly pause: (milliseconds: number) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => instantOf(Date.now()),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
