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
import { readTenantHistory } from './read-entries.ts';

const PAGE = 500;

/** Without anything kept, what was in use is counted from so many days before: longer than any session. */
const COUNTED_FROM = 31;

/** The stream delivers the day's last changes a moment later. */
const LATE = 60 * MINUTE;

const pool = z.object({
  type: z.enum(LICENSE_TYPES),
  access: z.enum(ACCESS),
  modules: z.string(),
  folderId: z.string(),
  peak: z.number(),
  inUse: z.number(),
});
const kept = z.object({ pools: z.array(pool), denied: z.record(z.string(), z.number()) });

/**
 * Peak use and denials of the tenant's days from `from` to `to`, today so far. Counted from the history, which tells each
 * change once; a day that is over is kept, so that it is counted once.
 */
export async function readUsage(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { tenantId, settings: { timeZone } }: Tenant,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<readonly (DayUsage & { readonly day: Day })[]> {
  const earliest = dayAfter(from, -COUNTED_FROM);
  const { items } = await table.query({
    ...usageRange(tenantId, earliest, dayAfter(from, -1)),
    descending: true,
    limit: 1,
  });
  const [latest] = items;
  let previous: DayUsage = latest === undefined ? { pools: [], denied: {} } : usageOfItem(latest);
  const days: (DayUsage & { readonly day: Day })[] = [];
  const last = to < dayIn(timeZone, clock.now()) ? to : dayIn(timeZone, clock.now());
  for (let day = latest === undefined ? earliest : dayAfter(latest.sk); day <= last; day = dayAfter(day)) {
    previous = await readDay({ table, clock }, tenantId, timeZone, day, previous);
    if (day >= from) days.push({ day, ...previous });
  }
  return days;
}

async function readDay(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  tenantId: string,
  timeZone: string,
  day: Day,
  previous: DayUsage,
): Promise<DayUsage> {
  const known = await table.get(usageKey(tenantId, day));
  if (known !== undefined) return usageOfItem(known);
  const range = { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
  const usage = usageOf(previous.pools);
  let after: string | undefined;
  do {
    const page = await readTenantHistory(
      table,
      tenantId,
      defined({
        ...range,
        limit: PAGE,
        after,
      }),
    );
    for (const entry of page.entries) usage.add(entry);
    after = page.next;
  } while (after !== undefined);
  const result = usage.result();
  if (clock.now() >= plus(range.to, LATE)) await table.write([{ put: { ...result, ...usageKey(tenantId, day) } }]);
  return result;
}

function usageRange(tenantId: string, from: Day, to: Day) {
  return { pk: usageKey(tenantId, from).pk, from, to };
}

function usageOfItem(item: Item): DayUsage {
  return kept.parse(item);
}
