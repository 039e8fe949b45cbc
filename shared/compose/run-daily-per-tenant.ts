import { cleanupOn } from '../licensing/cleanup-time.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn, MINUTE, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log, LogCode } from '../platform/log.ts';
import type { Table } from '../platform/ports/table.ts';
import { tenantOf } from '../store/items.ts';
import { partitions } from '../store/keys.ts';
import { walkIndex } from '../store/walk-index.ts';

/** Well below the functions' own time-out: whoever is not reached is the next hour's. */
const TIME_FOR_ALL = 12 * MINUTE;

export type DailyWork = {
  /** The tenant's day on which it was done last; the first of all days when it never was. */
  readonly lastDone: (table: Table, tenant: string) => Promise<Day>;
  readonly failed: LogCode;
  /** Notes the day when it is done; safe to run twice, late, or beside itself. */
  readonly run: (tenant: Tenant, today: Day, last: Day) => Promise<void>;
};

type Deps = { readonly table: Table; readonly clock: Clock; readonly log: Log };

export type DoneToday = { readonly done: number; readonly failed: number; readonly left: number };

/**
 * Once on each of the tenant's days, from its cleanup hour on, for every tenant; meant to be called every hour (F44, F53).
 * A tenant whose work fails does not stop the others; at the end it is told by an error, and the next hour tries it again.
 */
export async function runDailyPerTenant(deps: Deps, work: DailyWork): Promise<DoneToday> {
  const { table, clock, log } = deps;
  const until = plus(clock.now(), TIME_FOR_ALL);
  const counts = { done: 0, failed: 0, left: 0 };
  for await (const page of walkIndex(table, 'by-tenant', partitions.tenants())) {
    for (const item of page) {
      if (clock.now() > until) {
        counts.left += 1;
        continue;
      }
      try {
        if (await runWhenDue(deps, tenantOf(item), work)) counts.done += 1;
      } catch (error) {
        counts.failed += 1;
        log(work.failed, { tenant: item.pk.slice(2), error: error instanceof Error ? error.name : 'unknown' });
      }
    }
  }
  if (counts.failed > 0) throw new Error(`the daily work of ${counts.failed} tenants failed`);
  return counts;
}

async function runWhenDue({ table, clock }: Deps, tenant: Tenant, { lastDone, run }: DailyWork): Promise<boolean> {
  const { timeZone, cleanupHour } = tenant.settings;
  const now = clock.now();
  const today = dayIn(timeZone, now);
  if (now < cleanupOn(timeZone, cleanupHour, today)) return false;
  const last = await lastDone(table, tenant.tenant);
  if (last >= today) return false;
  await run(tenant, today, last);
  return true;
}
