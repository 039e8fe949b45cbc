import * as z from 'zod/mini';
import { auditTenant } from '../../shared/audit/audit-tenant.ts';
import { type DoneToday, runDailyPerTenant } from '../../shared/compose/run-daily-per-tenant.ts';
import { absent, any, atMost } from '../../shared/licensing/clause.ts';
import type { Day } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { auditMarkKey } from '../../shared/store/keys.ts';
import { correctPoolEntries } from '../../shared/store/pool-entries.ts';

/** The actor of these repairs in the history. */
const ACTOR = 'auditor';

/**
 * Audits every tenant once a day and repairs what is certain, also what the pools count of each license. The log counts
 * the findings by kind and names no user or license; `administer` `audit` names what a person must decide.
 */
export async function auditTenants(deps: {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<DoneToday> {
  return runDailyPerTenant(deps, {
    lastDone: lastAudit,
    failed: 'tenant-audit-failed',
    run: async (tenant, today) => {
      const { violations, ...counts } = await auditTenant(deps, tenant, { repairAs: ACTOR });
      const ids = { tenant: tenant.tenantId, ...counts };
      deps.log('tenant-audited', ids);
      for (const [fault, found] of Map.groupBy(violations, (one) => one.fault)) {
        const repaired = found.filter((one) => one.repaired).length;
        deps.log('audit-found', { tenant: tenant.tenantId, fault, found: found.length, repaired });
      }
      const corrected = await correctPoolEntries(deps.table, tenant.tenantId);
      if (corrected > 0) deps.log('pool-entries-corrected', { tenant: tenant.tenantId, corrected });
      const put = { ...auditMarkKey(tenant.tenantId), auditedOn: today };
      await deps.table.write([{ put, onlyIf: [any(absent('pk'), atMost('auditedOn', today))] }]);
    },
  });
}

const mark = z.object({ auditedOn: z.string() });

async function lastAudit(table: Table, tenantId: string): Promise<Day> {
  const item = await table.get(auditMarkKey(tenantId));
  return item === undefined ? '' : mark.parse(item).auditedOn;
}
