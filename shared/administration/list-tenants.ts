import { defined } from '../licensing/defined.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { DAY, type Instant, plus } from '../licensing/time.ts';
import type { Table } from '../platform/ports/table.ts';
import { type Renewal, renewalOf } from '../renewals/renewal.ts';
import { cleanupMarkOf } from '../store/cleanup-mark.ts';
import { tenantOf } from '../store/items.ts';
import { cleanupMarkKey, commandKey, HISTORY_SHARDS, partitions, tenantDayPartition } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps } from './deps.ts';
import { mapInGroups } from './map-in-groups.ts';
import { readPage } from './pages.ts';
import { isRefusal } from './refusal.ts';

/** How many of a tenant's latest renewals are looked at. Only one runs at a time, and older plans expire. */
const LATEST_RENEWALS = 20;

/** The statuses of a renewal that waits for an administrator. */
const WAITING: readonly Renewal['status'][] = ['planned', 'approved', 'stopped'];

/**
 * Lists the tenants for operators: when something last happened at each of them, and what waits for a person. About ten
 * reads for each tenant of the page.
 */
export async function listTenants({ table, clock }: AdministerDeps, request: RequestOf<'list-tenants'>) {
  const page = await readPage(table, 'by-tenant', partitions.tenants(), request, async (keys) =>
    (await table.getMany(keys)).flatMap((item) => (item === undefined ? [] : tenantOf(item))),
  );
  if (isRefusal(page)) return page;
  const now = clock.now();
  const tenants = await mapInGroups(page.entries, async (tenant) => viewForOperators(table, tenant, now));
  return defined({ tenants, cursor: page.cursor });
}

async function viewForOperators(table: Table, { tenantId, settings, change }: Tenant, now: Instant) {
  const [lastActivity, renewals, mark] = await Promise.all([
    readLastActivity(table, tenantId, now),
    readWaitingRenewals(table, tenantId),
    table.get(cleanupMarkKey(tenantId)),
  ]);
  const { cleanedOn, stuck } = mark === undefined ? {} : cleanupMarkOf(mark);
  return defined({
    tenant: tenantId,
    environment: settings.environment,
    timeZone: settings.timeZone,
    lastActivity: lastActivity ?? change.at,
    cleanedOn,
    waiting: defined({ renewals, cleanup: stuck && { licenses: stuck.licenses, since: stuck.since } }),
  });
}

/**
 * Returns the instant of the tenant's latest event of today or yesterday, or of its latest command of this month.
 * Returns undefined if the tenant has neither.
 */
async function readLastActivity(table: Table, tenantId: string, now: Instant): Promise<Instant | undefined> {
  const days = [now, plus(now, -DAY)].map((instant) => instant.slice(0, 10));
  const partitionKeys = days.flatMap((day) =>
    Array.from({ length: HISTORY_SHARDS }, (_, shard) => tenantDayPartition(tenantId, day, shard)),
  );
  const pages = await Promise.all(
    [...partitionKeys, commandKey(tenantId, now).pk].map((pk) => table.query({ pk, descending: true, limit: 1 })),
  );
  const places = pages.flatMap(({ items }) => items.map(({ sk }) => sk.slice(0, now.length)));
  return places.toSorted().at(-1);
}

async function readWaitingRenewals(table: Table, tenantId: string) {
  const range = { partition: partitions.renewalsOfTenant(tenantId), descending: true, limit: LATEST_RENEWALS };
  const { keys } = await table.list('by-tenant', range);
  return (await table.getMany(keys)).flatMap((item) => {
    if (item === undefined) return [];
    const { renewalId, status, plannedAt } = renewalOf(item);
    return WAITING.includes(status) ? [{ renewalId, status, plannedAt }] : [];
  });
}
