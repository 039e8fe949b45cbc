import { cleanUpRow, isLeftInZOld } from '../../shared/licensing/renewal/renewal-row.ts';
import { changeRow } from '../../shared/renewals/change-row.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { readRows, readUnderWay } from '../../shared/renewals/read-renewal.ts';
import type { BatchRequest } from '../../shared/renewals/step-request.ts';

/**
 * Deletes the licenses of a batch of rows that came into zOld before today and that nobody has or uses (R39); the
 * others wait for the next day.
 */
export async function cleanUpBatch(deps: RenewalDeps, { tenant, renewalId, ...range }: BatchRequest): Promise<void> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readUnderWay(deps.table, tenant, renewalId);
  for (const indexed of await readRows(deps.table, renewal, range)) {
    if (!isLeftInZOld(indexed.row)) continue;
    await changeRow(deps, settings, renewal, indexed, {
      actor: 'clean-up-renewal',
      decide: (row, { old }, facts) => cleanUpRow(row, old, facts),
    });
  }
  deps.log('renewal-step', { step: 'clean-up-renewal', tenant, renewalId, from: range.from });
}
