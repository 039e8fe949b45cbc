import type { ServiceEvent } from './service-event.ts';

/** The bus to which the service publishes its events. */
export type EventBus = {
  /** Returns the ids of the events that the bus did not accept. The caller must publish them again. */
  readonly publish: (events: readonly ServiceEvent[]) => Promise<ReadonlySet<string>>;
};
