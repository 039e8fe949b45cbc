import * as z from 'zod/mini';
import type { RenewalDeps } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { findRenewal, readRows } from '../../shared/renewal/read-renewal.ts';
import { releaseLock } from '../../shared/renewal/renewal-lock.ts';
import { tenantId } from '../../shared/runtime/decoding.ts';

/** The workflow's own words on what it caught. */
export const stopRequest = z.object({
  tenant: tenantId,
  renewalId: z.string(),
  error: z.object({ Error: z.string(), Cause: z.optional(z.string()) }),
});

const MAX_TEXT = 1_000;

/**
 * Notes why a renewal stopped; what it did so far stays, and running it again goes on from there (R40). Before anything
 * was switched the tenant's next renewal may run, with a corrected file.
 */
export async function stopRenewal(
  { table, log }: RenewalDeps,
  { tenant, renewalId, error }: z.infer<typeof stopRequest>,
): Promise<void> {
  log('renewal-stopped', { tenant, renewalId, error: error.Error });
  const text = (error.Cause ?? '').slice(0, MAX_TEXT);
  const renewal = await findRenewal(table, tenant, renewalId);
  if (renewal === undefined) {
    await releaseLock(table, tenant, renewalId);
    return;
  }
  await noteProgress(table, renewal, { status: 'stopped', error: { name: error.Error, text } });
  const rows = await readRows(table, renewal, 0, renewal.rows);
  if (rows.every(({ row }) => !row.switched)) await releaseLock(table, tenant, renewalId);
}
