import { cleanupOn } from '../../shared/licensing/cleanup-time.ts';
import { expiryDigest, lastDayOfDigest } from '../../shared/licensing/expiry-digest.ts';
import type { Tenant } from '../../shared/licensing/tenant.ts';
import { dayIn, MINUTE, plus } from '../../shared/licensing/time.ts';
import type { RenewalDeps } from '../../shared/renewal/deps.ts';
import { listKeys, readExpiring } from '../../shared/renewal/plan-inputs.ts';
import { type CleanupMark, cleanupMarkWrite, lastCleanup } from '../../shared/store/cleanup-mark.ts';
import { tenantOf } from '../../shared/store/items.ts';
import { partitions } from '../../shared/store/keys.ts';
import { cleanUpTenant } from './clean-up-tenant.ts';

/** Well below the function's own time-out: whoever is not reached is the next hour's. */
const TIME_FOR_ALL = 12 * MINUTE;

export type CleanedTenants = { readonly cleaned: number; readonly failed: number; readonly left: number };

/**
 * The daily cleanup (R43) of every tenant whose cleanup hour of today has come and who was not cleaned up today. May run
 * twice, late or beside itself. A tenant whose cleanup fails does not stop the others; at the end it is told by an error,
 * and the next hour tries it again.
 */
export async function cleanUpTenants(deps: RenewalDeps): Promise<CleanedTenants> {
  const { table, clock, log } = deps;
  const until = plus(clock.now(), TIME_FOR_ALL);
  const counts = { cleaned: 0, failed: 0, left: 0 };
  const keys = await listKeys(table, 'by-tenant', { partition: partitions.tenants() });
  for (const key of keys) {
    if (clock.now() > until) {
      counts.left += 1;
      continue;
    }
    try {
      const item = await table.get(key);
      if (item !== undefined && (await cleanUpWhenDue(deps, tenantOf(item)))) counts.cleaned += 1;
    } catch (error) {
      counts.failed += 1;
      log('tenant-cleanup-failed', { tenant: key.pk.slice(2), error: error instanceof Error ? error.name : 'unknown' });
    }
  }
  if (counts.failed > 0) throw new Error(`the cleanup of ${counts.failed} tenants failed`);
  return counts;
}

/** The mark follows the work: a cleanup that was interrupted is done again. What the day has to tell stands in it. */
async function cleanUpWhenDue(deps: RenewalDeps, tenant: Tenant): Promise<boolean> {
  const { table, clock, log } = deps;
  const { timeZone, cleanupHour } = tenant.settings;
  const now = clock.now();
  const today = dayIn(timeZone, now);
  if (now < cleanupOn(timeZone, cleanupHour, today)) return false;
  const last = await lastCleanup(table, tenant.tenant);
  if (last >= today) return false;

  const { stuck, ...counts } = await cleanUpTenant(deps, tenant, today);
  const ending = await readExpiring(table, tenant.tenant, lastDayOfDigest(today), today);
  const expiring = expiryDigest(ending, last, today);
  const mark: CleanupMark = {
    ...{ tenant: tenant.tenant, cleanedOn: today },
    ...(stuck === undefined ? {} : { stuck }),
    ...(expiring === undefined ? {} : { expiring }),
    change: { actor: 'clean-up-tenants', cause: 'daily cleanup', at: now },
  };
  await table.write([cleanupMarkWrite(mark)]);
  log('tenant-cleaned-up', { tenant: tenant.tenant, ...counts });
  return true;
}
