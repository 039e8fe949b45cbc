import { cleanUpRow, isLeftInZOld } from '../../shared/licensing/renewal-row.ts';
import { changeRow } from '../../shared/renewal/change-row.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { readBatch, readRenewal } from '../../shared/renewal/read-renewal.ts';
import type { BatchRequest } from '../../shared/renewal/step-request.ts';

/** Deletes what a batch of rows left in zOld before today and nobody has or uses (R39); the rest waits for the next day. */
export async function cleanUpBatch(deps: RenewalDeps, { tenant, renewalId, batch }: BatchRequest): Promise<void> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  for (const { index, row } of await readBatch(deps.table, renewal, batch)) {
    if (!isLeftInZOld(row)) continue;
    await changeRow(deps, settings, renewal, index, {
      actor: 'clean-up',
      decide: (read, { old }, today, change) => cleanUpRow(read, old, today, change),
    });
  }
  deps.log('renewal-step', { step: 'clean-up', tenant, renewalId, batch });
}
