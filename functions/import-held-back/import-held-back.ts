import type { ImportDeps } from '../../shared/imports/deps.ts';
import { importUpload } from '../../shared/imports/import-upload.ts';
import { holdBackRow } from '../../shared/licensing/renewal/renewal-row.ts';
import { RenewalStopped } from '../../shared/platform/errors.ts';
import { mapConcurrently } from '../../shared/platform/map-concurrently.ts';
import { changeRow } from '../../shared/renewals/change-row.ts';
import { tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { readRows, readUnderWay } from '../../shared/renewals/read-renewal.ts';
import { UNDER_WAY } from '../../shared/renewals/renewal.ts';
import type { RenewalRequest } from '../../shared/renewals/step-request.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { licenseKey } from '../../shared/store/keys.ts';

/** How many licenses are held back at a time. */
const AT_ONCE = 8;

/**
 * Imports the file of the plan with its new licenses held back, and holds back those planned licenses that were
 * imported before and are still free, so that no login takes one (R36). Throws `RenewalStopped` when the file is no
 * longer the planned one: nothing was released yet (F48).
 */
export async function importHeldBack(deps: ImportDeps, { tenant, renewalId }: RenewalRequest): Promise<void> {
  const { table } = deps;
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readUnderWay(table, tenant, renewalId);
  if (renewal.upload !== undefined) {
    const report = await importUpload(deps, { tenant, ...renewal.upload, heldBackFor: renewalId });
    if (report.status === 'rejected' || report.faults.length > 0) {
      throw new RenewalStopped(report.faults.map(({ text }) => text).join(' '));
    }
    const noted = await noteProgress(table, renewal, { importId: report.importId }, UNDER_WAY);
    if (noted) deps.log('renewal-step', { step: 'import-held-back', tenant, renewalId, added: report.counts.added });
  }

  const rows = (await readRows(table, renewal)).filter(({ row }) => row.new !== undefined && row.version === 0);
  const items = await table.getMany(rows.map(({ row }) => licenseKey(tenant, row.new?.serialNumber ?? '')));
  const taken = rows.filter((_, position) => {
    const item = items[position];
    return item !== undefined && licenseOf(item).heldBackFor !== renewalId;
  });
  await mapConcurrently(taken.length, AT_ONCE, async (position) => {
    const indexed = taken[position];
    if (indexed === undefined) return;
    await changeRow(deps, settings, renewal, indexed, { actor: 'import-held-back', decide: holdBackRow });
  });
}
