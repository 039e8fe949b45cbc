import type { ServiceEvent } from './service-event.ts';

/** Publishes what happened. */
export type EventBus = {
  /** Returns the ids of the events that were not taken: publish them again. */
  readonly publish: (events: readonly ServiceEvent[]) => Promise<ReadonlySet<string>>;
};
