import type { ChangedItem } from '../history/changed-item.ts';
import { importOf } from '../imports/report.ts';
import { type FolderTree, pathOf } from '../licensing/folder-tree.ts';
import { eventId, type ServiceEvent } from '../platform/ports/service-event.ts';
import type { Item } from '../platform/ports/table.ts';
import { renewalOf } from '../renewals/renewal.ts';
import { cleanupMarkOf } from '../store/cleanup-mark.ts';
import { isUserCard, userCardOf } from '../store/items.ts';
import { tenantOfKey } from '../store/keys.ts';
import { poolNoticeOf } from '../store/pool-notice.ts';
import {
  CARD_EVENTS,
  CLEANUP_EVENTS,
  type EventKind,
  IMPORT_EVENTS,
  POOL_EVENTS,
  RENEWAL_EVENTS,
  WEBHOOK_EVENTS,
  WEBHOOK_TEST_EVENTS,
} from './event-kinds.ts';
import { webhookOf } from './webhook.ts';
import { webhookTestOf } from './webhook-health.ts';

type EventsOfItem = (tenantId: string, after: Item, before: Item | undefined) => readonly ServiceEvent[];

/** By the sort key of the changed item. */
const EVENTS_BY_SORT_KEY: Readonly<Record<string, EventsOfItem>> = {
  CARD: eventsOf((item) => [userCardOf(item)].filter(isUserCard), CARD_EVENTS),
  POOL: eventsOf((item) => [poolNoticeOf(item)], POOL_EVENTS),
  REPORT: eventsOf((item) => [importOf(item)], IMPORT_EVENTS),
  // The lock of a tenant's renewals has the same sort key.
  RENEWAL: eventsOf((item) => (item.pk.startsWith('R#') ? [renewalOf(item)] : []), RENEWAL_EVENTS),
  CLEANUP: eventsOf((item) => [cleanupMarkOf(item)], CLEANUP_EVENTS),
  WEBHOOK: eventsOf((item) => [webhookOf(item)], WEBHOOK_EVENTS),
  TEST: eventsOf((item) => [webhookTestOf(item)], WEBHOOK_TEST_EVENTS),
};

/** The sort keys of the items whose changes are published. */
export const SORT_KEYS_WITH_EVENTS: readonly string[] = Object.keys(EVENTS_BY_SORT_KEY);

/** Returns the events of a change of one item. Throws for an item that cannot be read. */
export function eventsOfChange({ before, after }: ChangedItem): readonly ServiceEvent[] {
  if (after === undefined) return [];
  return EVENTS_BY_SORT_KEY[after.sk]?.(tenantOfKey(after), after, before) ?? [];
}

/** Returns the event as it is published, with the path of a folder instead of its id. */
export function withPaths(event: ServiceEvent, folders: FolderTree): ServiceEvent {
  const { folderId, ...data } = event.data;
  if (typeof folderId !== 'string') return event;
  return { ...event, data: { ...data, folder: pathOf(folders, folderId) ?? folderId } };
}

function eventsOf<Thing>(read: (item: Item) => readonly Thing[], kinds: readonly EventKind<Thing>[]): EventsOfItem {
  return (tenantId, after, before) =>
    read(after).flatMap((thing) =>
      kinds.flatMap(({ type, derive }) => {
        const found = derive(thing, before);
        if (found === undefined) return [];
        const { occurrence, at, data } = found;
        return { id: eventId(type, tenantId, occurrence), type, tenant: tenantId, at, data };
      }),
    );
}
