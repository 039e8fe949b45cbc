import * as z from 'zod/mini';
import { equal } from '../../shared/licensing/clause.ts';
import { isOver } from '../../shared/licensing/renewal/renewal-row.ts';
import { RenewalStopped, RenewalUndone } from '../../shared/platform/errors.ts';
import { untilAnswered } from '../../shared/platform/retry.ts';
import { differencesSince } from '../../shared/renewals/check-differences.ts';
import { type RenewalDeps, tenantOfRenewal } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { batchesOf, type Range, readRenewal, readRows } from '../../shared/renewals/read-renewal.ts';
import type { Renewal } from '../../shared/renewals/renewal.ts';
import { takeLock } from '../../shared/renewals/renewal-lock.ts';
import { renewalRequest } from '../../shared/renewals/step-request.ts';

/** The input of the state machine, and the name of its execution. */
export const beginRequest = z.object({ ...renewalRequest.shape, execution: z.string() });

export type Begun =
  | { readonly direction: 'forward' }
  /** Every row that has not been undone. */
  | { readonly direction: 'undo'; readonly batches: readonly Range[] };

/**
 * Starts an execution for an approved renewal, for one that was stopped, or for an undo. A repeated call gives the same
 * answer. Throws `RenewalStopped` when the renewal is not approved, when the data that were approved have changed since
 * (R35), or when another renewal of the tenant runs (R42).
 */
export async function beginRenewal(deps: RenewalDeps, request: z.infer<typeof beginRequest>): Promise<Begun> {
  const { table } = deps;
  const { tenant, renewalId } = request;
  await tenantOfRenewal(deps, tenant);
  const renewal = await untilAnswered(deps, async () => {
    const found = await readRenewal(table, tenant, renewalId);
    const begun = await begin(deps, found, request.execution);
    return begun ? readRenewal(table, tenant, renewalId) : undefined;
  });
  deps.log('renewal-step', { step: 'begin-renewal', tenant, renewalId, status: renewal.status });
  if (renewal.undo === undefined) return { direction: 'forward' };
  return { direction: 'undo', batches: batchesOf(await readRows(table, renewal), (row) => !isOver(row)) };
}

/** Returns whether the status was still the one read, and the execution is stored now. */
async function begin(deps: RenewalDeps, renewal: Renewal, execution: string): Promise<boolean> {
  const { table, clock } = deps;
  const { renewalId, status } = renewal;
  const isNew = renewal.execution !== execution;
  const noted = { execution, executions: renewal.executions + (isNew ? 1 : 0) };
  const note = (progress: Parameters<typeof noteProgress>[2]): Promise<boolean> =>
    noteProgress(table, renewal, { ...noted, ...progress }, [status], [equal('planId', renewal.planId)]);
  switch (status) {
    case 'planned':
      throw new RenewalStopped(`renewal ${renewalId} has not been approved`);
    case 'finished':
      throw new RenewalStopped(`renewal ${renewalId} has finished already, at ${renewal.finishedAt}`);
    case 'undone':
      throw new RenewalUndone(`renewal ${renewalId} was undone at ${renewal.undoneAt}`);
    case 'approved':
      if (!(await lock(deps, renewal))) return false;
      await expectNoDifferences(deps, renewal);
      return note({ status: 'running', startedAt: clock.now() });
    case 'stopped':
      if (!(await lock(deps, renewal))) return false;
      return note({ status: renewal.undo === undefined ? 'running' : 'undoing' });
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'undoing':
      if (!(await lock(deps, renewal))) return false;
      return isNew ? note({}) : true;
  }
}

/** Returns whether the renewal has the lock. It has not when it has changed since it was read. */
async function lock({ table }: RenewalDeps, renewal: Renewal): Promise<boolean> {
  const locking = await takeLock(table, renewal);
  if (locking.kind === 'held') {
    throw new RenewalStopped(`renewal-running: renewal ${locking.by} of this tenant is not finished`);
  }
  return locking.kind === 'taken';
}

const DIFFERENCES_TOLD = 10;

async function expectNoDifferences({ table }: RenewalDeps, renewal: Renewal): Promise<void> {
  const rows = await readRows(table, renewal);
  const differences = await differencesSince(
    table,
    renewal,
    rows.map(({ row }) => row),
    true,
  );
  if (differences.length === 0) return;
  const told = differences.slice(0, DIFFERENCES_TOLD).map(({ what, serialNumber = '' }) => `${what} ${serialNumber}`);
  throw new RenewalStopped(
    `${differences.length} facts have changed since the plan was made, plan again: ${told.join(', ')}`,
  );
}
