import { nextCleanup } from '../../shared/licensing/cleanup-time.ts';
import { dueAt, isLeftInZOld, type RenewalRow } from '../../shared/licensing/renewal/renewal-row.ts';
import type { TenantSettings } from '../../shared/licensing/tenant/tenant.ts';
import { DAY, dayIn, type Instant, later, plus } from '../../shared/licensing/time.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { batchesOf, type IndexedRow, type Range, readRows, readUnderWay } from '../../shared/renewals/read-renewal.ts';
import { type Renewal, UNDER_WAY } from '../../shared/renewals/renewal.ts';
import type { RenewalRequest } from '../../shared/renewals/step-request.ts';

export type NextStep =
  | { readonly next: 'switch' | 'clean-up'; readonly at: Instant; readonly batches: readonly Range[] }
  | { readonly next: 'finish' };

/**
 * Returns the next step of a renewal, its time, and its rows: a switch when the next of the new licenses' terms begins
 * (R37), else the cleanup of zOld at the tenant's cleanup hour of the next calendar day (R39). Only rows with work left
 * are named, so that one license that stays in use for weeks does not make every batch run every day.
 */
export async function findNextStep(deps: RenewalDeps, { tenant, renewalId }: RenewalRequest): Promise<NextStep> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readUnderWay(deps.table, tenant, renewalId);
  const now = deps.clock.now();
  const rows = await readRows(deps.table, renewal);
  tellWhatStaysInUse(deps, settings, renewal, rows, now);

  const cleanup = cleanupOf(settings, renewal, rows, now);
  const waiting = rows
    .filter(({ row }) => !row.switched)
    .map(({ row }) => dueAt(row, renewal.switchAt, settings.timeZone));
  const begins = waiting.toSorted()[0];
  if (begins !== undefined && (cleanup === undefined || begins <= cleanup)) {
    const at = later(begins, now);
    await noteProgress(deps.table, renewal, { status: at > now ? 'waiting-for-term' : 'running' }, UNDER_WAY);
    const isDue = (row: RenewalRow): boolean => !row.switched && dueAt(row, renewal.switchAt, settings.timeZone) <= at;
    return { next: 'switch', at, batches: batchesOf(rows, isDue) };
  }
  if (cleanup === undefined) return { next: 'finish' };
  await noteProgress(deps.table, renewal, { status: 'waiting-for-cleanup', cleanupAt: cleanup }, UNDER_WAY);
  return { next: 'clean-up', at: cleanup, batches: batchesOf(rows, isLeftInZOld) };
}

/**
 * Returns the cleanup that the renewal waits for; undefined before the first switch, and after a cleanup that left
 * nothing. Until the first cleanup the renewal can be undone as a whole.
 */
function cleanupOf(
  { timeZone, cleanupHour }: TenantSettings,
  { cleanupAt }: Renewal,
  rows: readonly IndexedRow[],
  now: Instant,
): Instant | undefined {
  if (cleanupAt !== undefined && cleanupAt > now) return cleanupAt;
  const isLeft = rows.some(({ row }) => isLeftInZOld(row));
  const isAllSwitched = rows.every(({ row }) => row.switched);
  return isLeft || (isAllSwitched && cleanupAt === undefined) ? nextCleanup(timeZone, cleanupHour, now) : undefined;
}

/** Logs for the operator which licenses stay in use longer than the tenant allows (R39). */
function tellWhatStaysInUse(
  { log }: RenewalDeps,
  { timeZone, setAsideWarningDays }: TenantSettings,
  { tenant, renewalId }: Renewal,
  rows: readonly IndexedRow[],
  now: Instant,
): void {
  const longAgo = dayIn(timeZone, plus(now, -setAsideWarningDays * DAY));
  const stillInUse = rows.filter(
    ({ row }) =>
      row.oldLicense === 'still-in-use' && row.switchedAt !== undefined && dayIn(timeZone, row.switchedAt) <= longAgo,
  ).length;
  if (stillInUse > 0) log('set-aside-still-in-use', { tenant, renewalId, stillInUse });
}
