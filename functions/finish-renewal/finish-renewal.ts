import { isLeftInZOld, isOver } from '../../shared/licensing/renewal/renewal-row.ts';
import { tallyOf } from '../../shared/licensing/renewal/renewal-tally.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import type { RenewalDeps } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { countsOf, type RenewalCounts, readRenewal, readRows } from '../../shared/renewals/read-renewal.ts';
import { UNDER_WAY } from '../../shared/renewals/renewal.ts';
import { releaseLock } from '../../shared/renewals/renewal-lock.ts';
import type { RenewalRequest } from '../../shared/renewals/step-request.ts';

export type RenewalResult = {
  readonly renewalId: string;
  readonly status: 'finished' | 'undone';
  readonly counts: RenewalCounts;
};

/** Counts the outcomes of a renewal's rows, after a run or an undo, and lets the tenant's next renewal run (R42). */
export async function finishRenewal(deps: RenewalDeps, { tenant, renewalId }: RenewalRequest): Promise<RenewalResult> {
  const { table, clock } = deps;
  const renewal = await readRenewal(table, tenant, renewalId);
  const rows = await readRows(table, renewal);
  const isUndo = renewal.undo !== undefined;
  const isDone = rows.every(({ row }) => (isUndo ? isOver(row) : row.switched && !isLeftInZOld(row)));
  if (!isDone) throw new TryAgain(`renewal ${renewalId} has rows left to do`);

  if (isUndo) await noteProgress(table, renewal, { status: 'undone', undoneAt: clock.now() }, ['undoing']);
  else await noteProgress(table, renewal, { status: 'finished', finishedAt: clock.now() }, UNDER_WAY);
  const { status } = await readRenewal(table, tenant, renewalId);
  if (status !== 'finished' && status !== 'undone') throw new TryAgain(`renewal ${renewalId} is ${status} by now`);
  await releaseLock(table, tenant, renewalId);
  deps.log('renewal-step', { step: 'finish-renewal', tenant, renewalId, status });
  return { renewalId, status, counts: countsOf(tallyOf(rows.map(({ row }) => row))) };
}
