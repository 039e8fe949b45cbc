import type { EventBus } from '../../shared/platform/ports/event-bus.ts';
import type { ServiceEvent } from '../../shared/platform/ports/service-event.ts';

/** A bus that keeps what it was told; `refuse` names types that it does not take now. */
export function memoryBus(): EventBus & { readonly told: ServiceEvent[]; readonly refuse: Set<string> } {
  const told: ServiceEvent[] = [];
  const refuse = new Set<string>();
  return {
    told,
    refuse,
    publish: async (events) => {
      told.push(...events.filter(({ type }) => !refuse.has(type)));
      return new Set(events.filter(({ type }) => refuse.has(type)).map(({ id }) => id));
    },
  };
}
