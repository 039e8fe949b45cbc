import { runDailyPerTenant } from '../../shared/compose/run-daily-per-tenant.ts';
import { keepUsage } from '../../shared/history/read-usage.ts';
import { expiryDigest, lastDayOfDigest } from '../../shared/licensing/advice/expiry-digest.ts';
import { defined } from '../../shared/licensing/defined.ts';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import type { Day } from '../../shared/licensing/time.ts';
import type { RenewalDeps } from '../../shared/renewals/deps.ts';
import { readExpiring } from '../../shared/renewals/plan-inputs.ts';
import { type CleanupMark, cleanupMarkWrite, lastCleanup } from '../../shared/store/cleanup-mark.ts';
import { cleanUpTenant } from './clean-up-tenant.ts';
import { setAsideExpired } from './set-aside-expired.ts';

export type CleanedTenants = { readonly cleaned: number; readonly failed: number; readonly left: number };

/**
 * Runs the daily cleanup (R43) of every tenant whose cleanup hour of today has come and that was not cleaned up today.
 */
export async function cleanUpTenants(deps: RenewalDeps): Promise<CleanedTenants> {
  const { done, ...others } = await runDailyPerTenant(deps, {
    lastDone: lastCleanup,
    failed: 'tenant-cleanup-failed',
    run: (tenant, today, last) => cleanUp(deps, tenant, today, last),
  });
  return { cleaned: done, ...others };
}

/**
 * The mark is written after the work, so a cleanup that was interrupted is done again. The mark holds the day's
 * figures.
 */
async function cleanUp(deps: RenewalDeps, tenant: Tenant, today: Day, last: Day): Promise<void> {
  const { table, clock, log } = deps;
  const now = clock.now();
  await setAsideExpired(deps, tenant, today);
  const { stuck, ...counts } = await cleanUpTenant(deps, tenant, today);
  await keepUsage(deps, tenant, today);
  const ending = await readExpiring(table, tenant.tenantId, lastDayOfDigest(today), today);
  const expiring = expiryDigest(ending, last, today);
  const mark: CleanupMark = defined({
    tenant: tenant.tenantId,
    cleanedOn: today,
    stuck,
    expiring,
    change: { actor: 'clean-up-daily', cause: 'daily cleanup', at: now },
  });
  await table.write([cleanupMarkWrite(mark)]);
  log('tenant-cleaned-up', { tenant: tenant.tenantId, ...counts });
}
