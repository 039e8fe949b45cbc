import { cleanupOn } from '../licensing/cleanup-time.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn, MINUTE, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log, LogCode } from '../platform/log.ts';
import type { Table } from '../platform/ports/table.ts';
import { tenantOf } from '../store/items.ts';
import { partitions } from '../store/keys.ts';
import { walkIndex } from '../store/paging.ts';

/**
 * The time for all tenants, in milliseconds, well below the functions' timeout. Tenants that are not reached follow in
 * the next hour.
 */
const TIME_FOR_ALL = 12 * MINUTE;

export type DailyWork = {
  /**
   * Returns the day on which the tenant's work was last done, or the empty text, which sorts before every day, when it
   * never was.
   */
  readonly lastDone: (table: Table, tenantId: string) => Promise<Day>;
  readonly failed: LogCode;
  /** Does the work, then stores the day. Idempotent, also when it runs late or concurrently. */
  readonly run: (tenant: Tenant, today: Day, last: Day) => Promise<void>;
};

type Deps = { readonly table: Table; readonly clock: Clock; readonly log: Log };

export type DoneToday = { readonly done: number; readonly failed: number; readonly left: number };

/**
 * Runs the work once on each day of every tenant, from its cleanup hour on. Call it every hour (F44, F53). A failure
 * for one tenant does not stop the others. At the end it is reported by an error, and the next hour retries it.
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
  if (counts.left > 0) log('daily-work-left', counts);
  if (counts.failed > 0) throw new Error(`the daily work of ${counts.failed} tenants failed`);
  return counts;
}

async function runWhenDue({ table, clock }: Deps, tenant: Tenant, { lastDone, run }: DailyWork): Promise<boolean> {
  const { timeZone, cleanupHour } = tenant.settings;
  const now = clock.now();
  const today = dayIn(timeZone, now);
  if (now < cleanupOn(timeZone, cleanupHour, today)) return false;
  const last = await lastDone(table, tenant.tenantId);
  if (last >= today) return false;
  await run(tenant, today, last);
  return true;
}
