import { nextCleanup } from '../../shared/licensing/cleanup-time.ts';
import type { Instant } from '../../shared/licensing/time.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { readRenewal } from '../../shared/renewal/read-renewal.ts';
import type { RenewalRequest } from '../../shared/renewal/step-request.ts';

/** When zOld is cleaned up next: at the tenant's cleanup hour of the next calendar day (R39). */
export async function findNextCleanup(
  deps: RenewalDeps,
  { tenant, renewalId }: RenewalRequest,
): Promise<{ readonly at: Instant }> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  const at = nextCleanup(settings.timeZone, settings.cleanupHour, deps.clock.now());
  await noteProgress(deps.table, renewal, { status: 'waiting-for-cleanup', cleanupAt: at });
  return { at };
}
