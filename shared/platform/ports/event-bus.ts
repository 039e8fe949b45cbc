import type { ServiceEvent } from './service-event.ts';

/** Where the service tells of what happened. */
export type EventBus = {
  /** Answers the ids of those that were not taken: they are to be told again. */
  readonly publish: (events: readonly ServiceEvent[]) => Promise<ReadonlySet<string>>;
};
