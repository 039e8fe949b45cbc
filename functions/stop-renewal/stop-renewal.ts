import * as z from 'zod/mini';
import { beginning } from '../../shared/licensing/beginning.ts';
import { equal } from '../../shared/licensing/clause.ts';
import { tenantId } from '../../shared/platform/validation.ts';
import type { RenewalDeps } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { findRenewal, readRows } from '../../shared/renewals/read-renewal.ts';
import { UNDER_WAY } from '../../shared/renewals/renewal.ts';
import { releaseLock } from '../../shared/renewals/renewal-lock.ts';

/** The workflow's error, as it caught it. */
export const stopRequest = z.object({
  tenant: tenantId,
  renewalId: z.string(),
  execution: z.string(),
  error: z.object({ Error: z.string(), Cause: z.optional(z.string()) }),
});

const MAX_TEXT = 1_000;

/**
 * Stores why a renewal stopped. What it did so far stays, and it can be resumed or undone from there (R40). One that
 * was not begun stays approved. Before the first switch the tenant's next renewal may run. Of two executions only the
 * one that began last can stop the renewal.
 */
export async function stopRenewal(
  { table, log }: Pick<RenewalDeps, 'table' | 'log'>,
  { tenant, renewalId, execution, error }: z.infer<typeof stopRequest>,
): Promise<void> {
  log('renewal-stopped', { tenant, renewalId, error: error.Error });
  const renewal = await findRenewal(table, tenant, renewalId);
  if (renewal === undefined) return;
  const noted = { error: { name: error.Error, text: beginning(error.Cause ?? '', MAX_TEXT) } };
  await noteProgress(table, renewal, noted, ['approved']);
  await noteProgress(
    table,
    renewal,
    { ...noted, status: 'stopped' },
    [...UNDER_WAY, 'undoing'],
    [equal('execution', execution)],
  );
  const { status, undo } = (await findRenewal(table, tenant, renewalId)) ?? renewal;
  // One that was planned again after its start has the lock as well.
  if (undo !== undefined || (status !== 'stopped' && status !== 'approved' && status !== 'planned')) return;
  const rows = await readRows(table, renewal);
  if (rows.every(({ row }) => row.version === 0)) await releaseLock(table, tenant, renewalId);
}
