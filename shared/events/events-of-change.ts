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
} from './event-kinds.ts';

type Derive = (tenantId: string, after: Item, before: Item | undefined) => readonly ServiceEvent[];

/** By the sort key of the changed item. */
const TELLING: Readonly<Record<string, Derive>> = {
  CARD: derive((item) => [userCardOf(item)].filter(isUserCard), CARD_EVENTS),
  POOL: derive((item) => [poolNoticeOf(item)], POOL_EVENTS),
  REPORT: derive((item) => [importOf(item)], IMPORT_EVENTS),
  // The lock of a tenant's renewals has the same sort key.
  RENEWAL: derive((item) => (item.pk.startsWith('R#') ? [renewalOf(item)] : []), RENEWAL_EVENTS),
  CLEANUP: derive((item) => [cleanupMarkOf(item)], CLEANUP_EVENTS),
};

/** The sort keys of the items whose changes are published. */
export const TELLING_ITEMS: readonly string[] = Object.keys(TELLING);

/** Returns the events of a change of one item. Throws for an item that cannot be read. */
export function eventsOfChange({ before, after }: ChangedItem): readonly ServiceEvent[] {
  if (after === undefined) return [];
  return TELLING[after.sk]?.(tenantOfKey(after), after, before) ?? [];
}

/** Returns the event as it is published, with the path of a folder instead of its id. */
export function withPaths(event: ServiceEvent, folders: FolderTree): ServiceEvent {
  const { folderId, ...data } = event.data;
  if (typeof folderId !== 'string') return event;
  return { ...event, data: { ...data, folder: pathOf(folders, folderId) ?? folderId } };
}

function derive<Thing>(read: (item: Item) => readonly Thing[], kinds: readonly EventKind<Thing>[]): Derive {
  return (tenantId, after, before) =>
    read(after).flatMap((thing) =>
      kinds.flatMap(({ type, told }) => {
        const found = told(thing, before);
        if (found === undefined) return [];
        const { occurrence, at, data } = found;
        return { id: eventId(type, tenantId, occurrence), type, tenant: tenantId, at, data };
      }),
    );
}
