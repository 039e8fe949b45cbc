import { switchRow } from '../../shared/licensing/renewal-row.ts';
import { changeRow } from '../../shared/renewal/change-row.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewal/deps.ts';
import { noteProgress } from '../../shared/renewal/note-progress.ts';
import { readBatch, readRenewal } from '../../shared/renewal/read-renewal.ts';
import type { BatchRequest } from '../../shared/renewal/step-request.ts';
import { TryAgain } from '../../shared/runtime/errors.ts';

/** Switches one batch of rows, each in a transaction of its own (R37); a row that was switched already is left alone. */
export async function switchBatch(deps: RenewalDeps, { tenant, renewalId, batch }: BatchRequest): Promise<void> {
  const { settings } = await tenantOfRenewal(deps, tenant);
  const renewal = await readRenewal(deps.table, tenant, renewalId);
  if (deps.clock.now() < renewal.switchAt) throw new TryAgain(`the new licenses' terms begin at ${renewal.switchAt}`);
  if (renewal.status === 'waiting-for-term') await noteProgress(deps.table, renewal, { status: 'running' });

  for (const { index, row } of await readBatch(deps.table, renewal, batch)) {
    if (row.switched) continue;
    await changeRow(deps, settings, renewal, index, {
      actor: 'switch-licenses',
      decide: (read, licenses, today, change) =>
        read.switched
          ? { licenses: [], row: read }
          : switchRow(read, licenses, renewal.expiringOnOrBefore, today, change),
    });
  }
  deps.log('renewal-step', { step: 'switch-licenses', tenant, renewalId, batch });
}
