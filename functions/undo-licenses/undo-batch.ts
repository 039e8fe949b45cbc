import { isOver, undoRow } from '../../shared/licensing/renewal/renewal-row.ts';
import { RenewalStopped } from '../../shared/platform/errors.ts';
import { changeRow } from '../../shared/renewals/change-row.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { readRenewal, readRows } from '../../shared/renewals/read-renewal.ts';
import type { BatchRequest } from '../../shared/renewals/step-request.ts';

/** Undoes one batch of rows, each in a transaction of its own (R41). A row that was handled before is skipped. */
export async function undoBatch(deps: RenewalDeps, { tenant, renewalId, ...range }: BatchRequest): Promise<void> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  if (renewal.status !== 'undoing' && renewal.status !== 'undone') {
    throw new RenewalStopped(`renewal ${renewalId} is ${renewal.status}: nobody has asked for its undo`);
  }
  for (const indexed of await readRows(deps.table, renewal, range)) {
    if (isOver(indexed.row)) continue;
    await changeRow(deps, settings, renewal, indexed, { actor: 'undo-licenses', decide: undoRow });
  }
  deps.log('renewal-step', { step: 'undo-licenses', tenant, renewalId, from: range.from });
}
