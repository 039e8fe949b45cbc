import { dueAt, switchRow } from '../../shared/licensing/renewal/renewal-row.ts';
import { changeRow } from '../../shared/renewals/change-row.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { readRows, readUnderWay } from '../../shared/renewals/read-renewal.ts';
import type { BatchRequest } from '../../shared/renewals/step-request.ts';

/**
 * Switches one batch of rows, each in a transaction of its own (R37). A row that was switched before is skipped, and so
 * is one whose time has not come, whatever the input says (F58).
 */
export async function switchBatch(deps: RenewalDeps, { tenant, renewalId, ...range }: BatchRequest): Promise<void> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readUnderWay(deps.table, tenant, renewalId);
  await noteProgress(deps.table, renewal, { status: 'running' }, ['waiting-for-term']);
  for (const indexed of await readRows(deps.table, renewal, range)) {
    const isDue = dueAt(indexed.row, renewal.switchAt, settings.timeZone) <= deps.clock.now();
    if (indexed.row.switched || !isDue) continue;
    await changeRow(deps, settings, renewal, indexed, { actor: 'switch-licenses', decide: switchRow });
  }
  deps.log('renewal-step', { step: 'switch-licenses', tenant, renewalId, from: range.from });
}
