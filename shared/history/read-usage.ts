import * as z from 'zod/mini';
import { dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { type DayUsage, usageOf } from '../licensing/history/usage.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn, MINUTE, plus } from '../licensing/time.ts';
import { ACCESS, LICENSE_TYPES } from '../licensing/vocabulary.ts';
import type { Clock } from '../platform/clock.ts';
import type { Item, Table } from '../platform/ports/table.ts';
import { usageKey } from '../store/keys.ts';
import { walkPages } from '../store/paging.ts';
import { readTenantHistory } from './read-entries.ts';

const PAGE = 500;

/** If no day is kept, use is counted from so many days before, which is longer than any session. */
const COUNTED_FROM = 31;

/** How long the stream may take to deliver the last changes of a day. */
const LATE = 60 * MINUTE;

const pool = z.object({
  type: z.enum(LICENSE_TYPES),
  access: z.enum(ACCESS),
  modules: z.string(),
  folderId: z.string(),
  peak: z.number(),
  inUse: z.number(),
});
const counts = z.record(z.string(), z.number());
const kept = z.object({ pools: z.array(pool), denied: counts, deniedUsers: z._default(counts, {}) });

/**
 * Returns peak use and denials of the tenant's days from `from` to `to`, and today so far. They are counted from the
 * history, which has each change once. A day that the daily job has kept is not counted again. Nothing is written.
 */
export async function readUsage(
  deps: UsageDeps,
  { tenantId, settings: { timeZone } }: Tenant,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<readonly (DayUsage & { readonly day: Day })[]> {
  const today = dayIn(timeZone, deps.clock.now());
  const days: (DayUsage & { readonly day: Day })[] = [];
  for await (const { isKept: _, ...one } of countedDays(
    deps.table,
    tenantId,
    timeZone,
    from,
    to < today ? to : today,
  )) {
    if (one.day >= from) days.push(one);
  }
  return days;
}

/**
 * Keeps what was counted of the tenant's days before `today`, so that nobody has to count it again. The last day is left
 * for later while the stream may still deliver its last changes. Of the days before, an empty one is not kept. Keeping a
 * day twice writes the same.
 */
export async function keepUsage({ table, clock }: UsageDeps, tenant: Tenant, today: Day): Promise<void> {
  const { tenantId, settings } = tenant;
  const isLate = clock.now() < plus(startOfDay(settings.timeZone, today), LATE);
  const last = dayAfter(today, isLate ? -2 : -1);
  for await (const { day, isKept, ...usage } of countedDays(table, tenantId, settings.timeZone, last, last)) {
    const isEmpty = usage.pools.length === 0 && Object.keys(usage.denied).length === 0;
    if (!isKept && (day === last || !isEmpty)) await table.write([{ put: { ...usage, ...usageKey(tenantId, day) } }]);
  }
}

type UsageDeps = { readonly table: Table; readonly clock: Clock };

/** Counts day by day, beginning after the latest day before `from` that was kept, or 31 days before. */
async function* countedDays(table: Table, tenantId: string, timeZone: string, from: Day, to: Day) {
  const earliest = dayAfter(from, -COUNTED_FROM);
  const { items } = await table.query({
    ...usageRange(tenantId, earliest, dayAfter(from, -1)),
    descending: true,
    limit: 1,
  });
  const [latest] = items;
  let previous: DayUsage = latest === undefined ? { pools: [], denied: {}, deniedUsers: {} } : usageOfItem(latest);
  for (let day = latest === undefined ? earliest : dayAfter(latest.sk); day <= to; day = dayAfter(day)) {
    const known = await table.get(usageKey(tenantId, day));
    previous = known === undefined ? await countDay(table, tenantId, timeZone, day, previous) : usageOfItem(known);
    yield { day, isKept: known !== undefined, ...previous };
  }
}

async function countDay(
  table: Table,
  tenantId: string,
  timeZone: string,
  day: Day,
  previous: DayUsage,
): Promise<DayUsage> {
  const range = { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
  const usage = usageOf(previous.pools);
  const pages = walkPages((after: string | undefined) =>
    readTenantHistory(table, tenantId, defined({ ...range, limit: PAGE, after })),
  );
  for await (const { entries } of pages) for (const entry of entries) usage.add(entry);
  return usage.result();
}

function usageRange(tenantId: string, from: Day, to: Day) {
  return { pk: usageKey(tenantId, from).pk, from, to };
}

function usageOfItem(item: Item): DayUsage {
  return kept.parse(item);
}
