import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from '../events/event-bus.ts';

/** Names the service as the sender, for the rules of whoever listens. */
export const EVENT_SOURCE = 'esm-license-service';

/** The most that one call takes. */
const MOST = 10;

/** An event bus of EventBridge: the type is the event's `detail-type`; its id, tenant and data are the `detail`. */
export function eventBridge(client: EventBridgeClient, busName: string): EventBus {
  return {
    publish: async (events) => {
      const refused = new Set<string>();
      for (let start = 0; start < events.length; start += MOST) {
        const some = events.slice(start, start + MOST);
        const { Entries = [] } = await client.send(
          new PutEventsCommand({
            Entries: some.map(({ type, at, ...detail }) => ({
              EventBusName: busName,
              Source: EVENT_SOURCE,
              DetailType: type,
              Time: new Date(at),
              Detail: JSON.stringify({ ...detail, at }),
            })),
          }),
        );
        some.forEach(({ id }, index) => {
          if (Entries[index]?.EventId === undefined) refused.add(id);
        });
      }
      return refused;
    },
  };
}
