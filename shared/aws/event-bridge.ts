import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '../platform/ports/event-bus.ts';
import type { ServiceEvent } from '../platform/ports/service-event.ts';

/** The source of the events, for the rules of those who listen. */
export const EVENT_SOURCE = 'esm-license-service';

/**
 * The most entries of one call, and the most bytes of their details. EventBridge accepts 256 KB, including everything
 * else in an entry.
 */
const MOST = 10;
const MOST_BYTES = 200_000;

/**
 * Returns the event bus on EventBridge. The event's type becomes the `detail-type`. Its id, tenant, time and data
 * become the `detail`.
 */
export function eventBridge(client: EventBridgeClient, busName: string): EventBus {
  return {
    publish: async (events) => {
      const refused = new Set<string>();
      for (const some of batchesOf(events.map((event) => ({ id: event.id, entry: entryOf(event, busName) })))) {
        const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: some.map(({ entry }) => entry) }));
        some.forEach(({ id }, index) => {
          if (Entries[index]?.EventId === undefined) refused.add(id);
        });
      }
      return refused;
    },
  };
}

function entryOf({ type, ...detail }: ServiceEvent, busName: string): PutEventsRequestEntry {
  return {
    EventBusName: busName,
    Source: EVENT_SOURCE,
    DetailType: type,
    Time: new Date(detail.at),
    Detail: JSON.stringify(detail),
  };
}

type Identified = { readonly id: string; readonly entry: PutEventsRequestEntry };

function batchesOf(entries: readonly Identified[]): readonly (readonly Identified[])[] {
  const batches: Identified[][] = [];
  let bytes = 0;
  for (const one of entries) {
    const size = Buffer.byteLength(one.entry.Detail ?? '');
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST || bytes + size > MOST_BYTES) {
      batches.push([one]);
      bytes = size;
    } else {
      last.push(one);
      bytes += size;
    }
  }
  return batches;
}
