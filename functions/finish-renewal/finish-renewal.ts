import { isLeftInZOld } from '../../shared/licensing/renewal-row.ts';
import { DAY, dayIn, plus } from '../../shared/licensing/time.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { countRows, type RenewalCounts, readRenewal, readRows } from '../../shared/renewal/read-renewal.ts';
import { releaseLock } from '../../shared/renewal/renewal-lock.ts';
import type { RenewalRequest } from '../../shared/renewal/step-request.ts';

export type RenewalResult = {
  readonly finished: boolean;
  readonly renewalId: string;
  readonly status: 'finished' | 'waiting-for-cleanup';
  readonly counts: RenewalCounts;
};

/**
 * Counts what came of a renewal's rows. It is finished when nothing of it is left in zOld; until then the operator is
 * told of what stays in use for longer than the tenant allows (R39).
 */
export async function finishRenewal(deps: RenewalDeps, { tenant, renewalId }: RenewalRequest): Promise<RenewalResult> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  const rows = await readRows(deps.table, renewal, 0, renewal.rows);
  const counts = countRows(rows);
  const left = rows.filter(({ row }) => isLeftInZOld(row)).length;
  if (left > 0) {
    const now = deps.clock.now();
    const longAgo = dayIn(settings.timeZone, plus(now, -settings.setAsideWarningDays * DAY));
    if (dayIn(settings.timeZone, renewal.switchAt) <= longAgo) {
      deps.log('set-aside-still-in-use', { tenant, renewalId, stillInUse: counts.stillInUse });
    }
    return { finished: false, renewalId, status: 'waiting-for-cleanup', counts };
  }
  if (renewal.finishedAt === undefined) {
    await noteProgress(deps.table, renewal, { status: 'finished', finishedAt: deps.clock.now() });
  }
  await releaseLock(deps.table, tenant, renewalId);
  return { finished: true, renewalId, status: 'finished', counts };
}
