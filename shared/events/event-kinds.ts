import { type FinishedImport, isRunning, type StoredImport } from '../imports/report.ts';
import { sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import type { PoolNotice } from '../licensing/license/pool.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import type { Instant } from '../licensing/time.ts';
import type { DenialReason } from '../licensing/vocabulary.ts';
import type { EventType, ServiceEvent } from '../platform/ports/service-event.ts';
import type { Item } from '../platform/ports/table.ts';
import type { Renewal } from '../renewals/renewal.ts';
import type { CleanupMark } from '../store/cleanup-mark.ts';
import type { Webhook } from './webhook.ts';
import type { WebhookTest } from './webhook-health.ts';

/** The facts of an event. `occurrence` distinguishes it from all others of its type and tenant. */
type EventFacts = { readonly occurrence: readonly string[]; readonly at: Instant; readonly data: ServiceEvent['data'] };

/** One type of event. `derive` returns undefined if the change of the item is not such an event. */
export type EventKind<Thing> = {
  readonly type: EventType;
  readonly derive: (after: Thing, before: Item | undefined) => EventFacts | undefined;
};

/** The denials that are about licenses. A login that comes too late is not one of them. */
const PUBLISHED_DENIALS: readonly (DenialReason | undefined)[] = [
  'no-free-license',
  'assigned-license-expired',
  'no-access',
];

export const CARD_EVENTS: readonly EventKind<UserCard>[] = [
  {
    type: 'license.denied',
    derive: ({ user, folderId, access, lastReceipt }, before) => {
      if (lastReceipt?.outcome !== 'denied' || sameValue(before?.['lastReceipt'], lastReceipt)) return undefined;
      const { session, at, reason, blockedBy } = lastReceipt;
      if (!PUBLISHED_DENIALS.includes(reason)) return undefined;
      const blocked = blockedBy === undefined ? {} : { blockedBy };
      const data = { user, ...(session === null ? {} : { session }), reason, ...blocked, access, folderId };
      return { occurrence: [user, session ?? '', at], at, data };
    },
  },
];

export const POOL_EVENTS: readonly EventKind<PoolNotice>[] = [
  { type: 'pool.low', derive: (pool, before) => poolEvent(pool, 'lowOn', before) },
  { type: 'pool.exhausted', derive: (pool, before) => poolEvent(pool, 'exhaustedOn', before) },
];

export const WEBHOOK_EVENTS: readonly EventKind<Webhook>[] = [
  {
    type: 'webhook.off',
    derive: ({ off, version }, before) => {
      if (off === undefined || sameValue(before?.['off'], off)) return undefined;
      const { at, since, reason } = off;
      return { occurrence: [at, String(version)], at, data: { since, reason } };
    },
  },
];

export const WEBHOOK_TEST_EVENTS: readonly EventKind<WebhookTest>[] = [
  {
    type: 'webhook.test',
    derive: ({ requestedAt }, before) =>
      before?.['requestedAt'] === requestedAt
        ? undefined
        : { occurrence: [requestedAt], at: requestedAt, data: { requestedAt } },
  },
];

function poolEvent(pool: PoolNotice, which: 'lowOn' | 'exhaustedOn', before: Item | undefined): EventFacts | undefined {
  const { folderId, type, access, free, threshold, change } = pool;
  const day = pool[which];
  if (day === undefined || day === before?.[which]) return undefined;
  const data = defined({ folderId, type, access, free, threshold });
  return { occurrence: [folderId, type, access, day], at: change.at, data };
}

export const IMPORT_EVENTS: readonly EventKind<StoredImport>[] = [
  {
    type: 'import.finished',
    derive: (report, before) => {
      if (isRunning(report) || before?.['status'] === report.status) return undefined;
      return { occurrence: [report.importId], at: report.finishedAt, data: importData(report) };
    },
  },
];

/** The content of a file is only in its report. */
function importData({ importId, key, status, issued, sameAs, counts, faults }: FinishedImport): ServiceEvent['data'] {
  return defined({
    importId,
    key,
    status,
    counts,
    faults: faults.length,
    issued,
    sameAs,
  });
}

export const RENEWAL_EVENTS: readonly EventKind<Renewal>[] = [
  {
    type: 'renewal.finished',
    derive: ({ renewalId, planId, status, rows, finishedAt, undoneAt }, before) => {
      const at = status === 'finished' ? finishedAt : status === 'undone' ? undoneAt : undefined;
      if (at === undefined || before?.['status'] === status) return undefined;
      return { occurrence: [renewalId, planId, status], at, data: { renewalId, status, rows } };
    },
  },
];

export const CLEANUP_EVENTS: readonly EventKind<CleanupMark>[] = [
  {
    type: 'license.expiring',
    derive: ({ cleanedOn, expiring, change }) =>
      expiring && { occurrence: [cleanedOn], at: change.at, data: { day: cleanedOn, within: expiring } },
  },
  {
    type: 'cleanup.stuck',
    derive: ({ cleanedOn, stuck, change }) =>
      stuck && { occurrence: [cleanedOn], at: change.at, data: { day: cleanedOn, ...stuck } },
  },
];
