import { nextCleanup } from '../../shared/licensing/cleanup-time.ts';
import { isLeftInZOld } from '../../shared/licensing/renewal-row.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { readRenewal, readRows } from '../../shared/renewal/read-renewal.ts';
import { BATCH } from '../../shared/renewal/renewal.ts';
import type { RenewalRequest } from '../../shared/renewal/step-request.ts';

/**
 * When zOld is cleaned up next, at the tenant's cleanup hour of the next calendar day (R39), and which batches of rows
 * have something left there: a license that stays in use for weeks does not make every batch run every day.
 */
export async function findNextCleanup(
  deps: RenewalDeps,
  { tenant, renewalId }: RenewalRequest,
): Promise<{ readonly at: Instant; readonly batches: readonly number[] }> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  const rows = await readRows(deps.table, renewal, 0, renewal.rows);
  const left = rows.filter(({ row }) => isLeftInZOld(row)).map(({ index }) => Math.floor(index / BATCH));
  const at = nextCleanup(settings.timeZone, settings.cleanupHour, deps.clock.now());
  await noteProgress(deps.table, renewal, { status: 'waiting-for-cleanup', cleanupAt: at });
  return { at, batches: [...new Set(left)] };
}
