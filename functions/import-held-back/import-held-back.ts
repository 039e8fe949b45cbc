import type { ImportDeps } from '../../shared/imports/deps.ts';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { readRenewal } from '../../shared/renewal/read-renewal.ts';
import type { RenewalRequest } from '../../shared/renewal/step-request.ts';
import { RenewalStopped } from '../../shared/runtime/errors.ts';

/**
 * Imports the file that the renewal was planned from, its new licenses held back, so that no login takes one (R36).
 * Throws `RenewalStopped` when the file is not what it was: nothing was released yet (F48).
 */
export async function importHeldBack(deps: ImportDeps, { tenant, renewalId }: RenewalRequest): Promise<void> {
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  const report = await importUpload(deps, { tenant, ...renewal.upload, heldBackFor: renewalId });
  if (report.status === 'rejected') {
    throw new RenewalStopped(report.faults.map(({ text }) => text).join(' '));
  }
  if (deps.clock.now() < renewal.switchAt) await noteProgress(deps.table, renewal, { status: 'waiting-for-term' });
  deps.log('renewal-step', { step: 'import-held-back', tenant, renewalId, added: report.counts.added });
}
