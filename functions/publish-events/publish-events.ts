import { type BatchAnswer, failuresOf } from '../../shared/aws/batch-answer.ts';
import { changedItemOf, type StreamEvent } from '../../shared/aws/stream-records.ts';
import { eventsOfChange, withPaths } from '../../shared/events/events-of-change.ts';
import type { ChangedItem } from '../../shared/history/changed-item.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { EMPTY_TREE } from '../../shared/licensing/folder-tree.ts';
import { type Pool, poolTakenFrom } from '../../shared/licensing/license/pool.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Measure } from '../../shared/platform/metrics.ts';
import type { EventBus } from '../../shared/platform/ports/event-bus.ts';
import type { ServiceEvent } from '../../shared/platform/ports/service-event.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { poolNoticeKey } from '../../shared/store/keys.ts';
import type { ReadTenant } from '../../shared/store/read-tenant.ts';
import { type PoolLevel, watchPool } from './watch-pool.ts';

export type PublishDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly readTenant: ReadTenant;
  readonly bus: EventBus;
  readonly measure: Measure;
};

/** The events of one change, and the pool that it took a license from. */
type RecordEvents = {
  readonly sequenceNumber: string;
  readonly events: readonly ServiceEvent[];
  readonly pool?: Pool;
};

/**
 * Publishes the events of the stream's changes on the bus, and watches the pools from which licenses were taken. An
 * event's id follows from the change, so a record that comes twice publishes the same event again. A record that cannot
 * be read blocks nothing; an event that could not be published is retried with its record.
 */
export async function publishEvents(deps: PublishDeps, records: StreamEvent['Records']): Promise<BatchAnswer> {
  const readings = records.map((record) => readRecord(record, deps.log));
  const unwatched = await watchPools(
    deps,
    readings.flatMap(({ pool }) => pool ?? []),
  );
  const events = new Map(readings.flatMap((reading) => reading.events.map((event) => [event.id, event])));
  const refused = await deps.bus.publish(await Promise.all([...events.values()].map((event) => inPaths(deps, event))));

  const failed = readings.filter(
    ({ events: ofRecord, pool }) =>
      ofRecord.some(({ id }) => refused.has(id)) || (pool !== undefined && unwatched.has(poolNoticeKey(pool).pk)),
  );
  deps.log('events-published', { records: records.length, events: events.size, failed: failed.length });
  return failuresOf(failed.map(({ sequenceNumber }) => sequenceNumber));
}

function readRecord(record: StreamEvent['Records'][number], log: Log): RecordEvents {
  const { SequenceNumber: sequenceNumber } = record.dynamodb;
  try {
    const change = changedItemOf(record);
    const pool = poolTakenBy(change);
    return defined({ sequenceNumber, events: eventsOfChange(change), pool });
  } catch {
    log('event-record-unreadable', { sequenceNumber });
    return { sequenceNumber, events: [] };
  }
}

function poolTakenBy({ before, after }: ChangedItem): Pool | undefined {
  if (before === undefined || after?.sk !== 'LICENSE') return undefined;
  return poolTakenFrom(licenseOf(before), licenseOf(after));
}

/** Only pools with a threshold get a metric, so that CloudWatch has no more metrics than somebody asked for. */
function measureLevel(measure: Measure, { tenant, folder, type, access, free }: PoolLevel): void {
  measure({ Vacancies: free }, { Tenant: tenant, Folder: folder || '/', Pool: `${type} ${access}` });
}

/** Returns the names of the pools where a concurrent write won. */
async function watchPools(deps: PublishDeps, pools: readonly Pool[]): Promise<ReadonlySet<string>> {
  const unwatched = new Set<string>();
  for (const [name, pool] of new Map(pools.map((one) => [poolNoticeKey(one).pk, one]))) {
    const tenant = await deps.readTenant(pool.tenant, pool.folderId);
    if (tenant === undefined) continue;
    try {
      const level = await watchPool(deps, tenant, pool);
      if (level !== undefined) measureLevel(deps.measure, level);
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      unwatched.add(name);
    }
  }
  return unwatched;
}

async function inPaths({ readTenant }: PublishDeps, event: ServiceEvent): Promise<ServiceEvent> {
  const { folderId } = event.data;
  const tenant = typeof folderId === 'string' ? await readTenant(event.tenant, folderId) : undefined;
  return withPaths(event, tenant?.folders ?? EMPTY_TREE);
}
