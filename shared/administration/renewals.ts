import { equal } from '../licensing/clause.ts';
import type { Difference } from '../licensing/renewal/renewal-differences.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { summaryOf } from '../licensing/renewal/renewal-summary.ts';
import { dayIn, type Instant } from '../licensing/time.ts';
import { TryAgain } from '../platform/errors.ts';
import { untilAnswered } from '../platform/retry.ts';
import { invalidRequest } from '../platform/validation.ts';
import { differencesSince } from '../renewals/check-differences.ts';
import { makePlan } from '../renewals/make-plan.ts';
import { noteProgress } from '../renewals/note-progress.ts';
import { findRenewal, readRows } from '../renewals/read-renewal.ts';
import { type Renewal, UNDER_WAY } from '../renewals/renewal.ts';
import { releaseLock, takeLock } from '../renewals/renewal-lock.ts';
import { listRenewals, type RenewalView, textOfRenewal, versionOf, viewRenewal } from '../renewals/renewal-view.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { conflict, type Refusal, refused } from './refusal.ts';
import { onePage } from './reports.ts';

/** Differences, and licenses without a replacement, that one refusal names at most. */
const MOST_TOLD = 1_000;

/**
 * Plans a renewal (R33, R34): changes nothing but the plan itself. Planning one again that has not been started makes a
 * new plan, which must be approved anew.
 */
export async function planRenewalCommand(deps: TenantContext, request: RequestOf<'plan-renewal'>) {
  const { table, tenant } = deps;
  const { expiringOnOrBefore: onOrBefore, serialNumbers, upload, mode, actor } = request;
  if ((onOrBefore === undefined) === (serialNumbers === undefined)) {
    const text = 'name what is to be replaced by a day or by `serialNumbers`, one of the two';
    return invalidRequest([{ place: 'expiringOnOrBefore', text }]);
  }
  const renewalId = request.renewalId ?? newRenewalId(deps);
  const earlier = await findRenewal(table, tenant.tenantId, renewalId);
  if (earlier !== undefined && earlier.status !== 'planned' && earlier.status !== 'approved') {
    return wrongStatus(earlier, 'Plan the next one under another `renewalId`.');
  }
  const expiring = onOrBefore === undefined ? { serialNumbers: serialNumbers ?? [] } : { onOrBefore };
  const plan = await makePlan(deps, tenant, { renewalId, mode, actor, expiring, upload }, earlier);
  if (plan === 'changed meanwhile') return conflict();
  if ('faults' in plan) return invalidRequest(plan.faults);
  return getRenewal(deps, { renewalId, format: request.format });
}

/**
 * Approves a plan (R35): refused with what has changed since it was made, and with the licenses without a replacement
 * that the approval does not name.
 */
export async function approveRenewal(deps: TenantContext, request: RequestOf<'approve-renewal'>) {
  const { table, clock } = deps;
  const { actor } = request;
  const accepted = new Set(request.acceptedShortfall);
  const at = clock.now();
  return untilAnswered(deps, async () => {
    const renewal = await findRenewal(table, deps.tenant.tenantId, request.renewalId);
    if (renewal === undefined) return unknownRenewal(request.renewalId);
    // Our write was made, and only the answer got lost.
    if (isMark(renewal.approved, { actor, at })) return shown(deps, renewal);
    if (isStale(renewal, request.expectedVersion)) return stale(renewal);
    if (renewal.status === 'approved') return shown(deps, renewal);
    if (renewal.status !== 'planned') return wrongStatus(renewal, 'Only a plan can be approved.');

    const rows = (await readRows(table, renewal)).map(({ row }) => row);
    const changed = await changedSince(deps, renewal, rows);
    if (changed !== undefined) return changed;
    const { shortfall } = summaryOf(rows);
    const short = shortfall.flatMap(({ licenses }) => licenses);
    const unnamed = short.filter(({ serialNumber }) => !accepted.has(serialNumber));
    if (unnamed.length > 0) return shortfallNotAccepted(unnamed);
    const approved = { actor, at, acceptedShortfall: short.length };
    const isDone = await noteProgress(
      table,
      renewal,
      { status: 'approved', approved },
      ['planned'],
      [equal('planId', renewal.planId)],
    );
    return isDone ? shown(deps, renewal) : undefined;
  });
}

/**
 * Starts an approved renewal. One that is under way already is answered as it is (F38); refused when something has
 * changed since the plan was made (R35), or while another renewal of the tenant is not over (R42).
 */
export async function startRenewal(deps: TenantContext, { renewalId, expectedVersion }: RequestOf<'start-renewal'>) {
  const { table, tenant } = deps;
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  if (isStale(renewal, expectedVersion)) return stale(renewal);
  switch (renewal.status) {
    case 'approved': {
      const rows = (await readRows(table, renewal)).map(({ row }) => row);
      const changed = await changedSince(deps, renewal, rows);
      if (changed !== undefined) return changed;
      return (await lock(deps, renewal)) ?? (await execute(deps, renewal));
    }
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'finished':
      return shown(deps, renewal);
    case 'planned':
      return wrongStatus(renewal, 'Approve it first, with approve-renewal.');
    case 'stopped':
      return wrongStatus(renewal, 'Go on with resume-renewal, or take it back with undo-renewal.');
    case 'undoing':
    case 'undone':
      return wrongStatus(renewal, 'Plan another one.');
  }
}

/**
 * Goes on with a renewal, or with its undo, from where it stopped (R40); also from where somebody ended its execution.
 * One that runs is answered as it is.
 */
export async function resumeRenewal(deps: TenantContext, { renewalId, expectedVersion }: RequestOf<'resume-renewal'>) {
  const { table, tenant, executions } = deps;
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  if (isStale(renewal, expectedVersion)) return stale(renewal);
  const { status, execution } = renewal;
  if (status === 'planned' || status === 'approved') return wrongStatus(renewal, 'It has not been started.');
  if (status === 'finished' || status === 'undone') return wrongStatus(renewal, 'There is nothing left to do.');
  if (status !== 'stopped' && execution !== undefined && (await executions.isRunning(execution))) {
    return shown(deps, renewal);
  }
  return (await lock(deps, renewal)) ?? (await execute(deps, renewal));
}

/**
 * Takes a renewal back (R41), until the cleanup has deleted all of it. One that was not started is over at once; else
 * its execution ends where it is, and another one goes back row by row. The same command again goes on with the undo.
 */
export async function undoRenewal(
  deps: TenantContext,
  { renewalId, actor, expectedVersion }: RequestOf<'undo-renewal'>,
) {
  const { table, tenant, clock, executions } = deps;
  const now = clock.now();
  return untilAnswered(deps, async () => {
    const renewal = await findRenewal(table, tenant.tenantId, renewalId);
    if (renewal === undefined) return unknownRenewal(renewalId);
    if (!isMark(renewal.undo, { actor, at: now }) && isStale(renewal, expectedVersion)) return stale(renewal);
    switch (renewal.status) {
      case 'planned':
      case 'approved': {
        const undone = {
          status: 'undone',
          undo: { actor, at: now, after: renewal.executions },
          undoneAt: now,
        } as const;
        if (!(await noteProgress(table, renewal, undone, [renewal.status]))) return undefined;
        await releaseLock(table, tenant.tenantId, renewalId);
        return shown(deps, renewal);
      }
      case 'finished':
        return wrongStatus(renewal, 'The cleanup has been: what it deleted comes back with restore-license.');
      case 'undone':
        return shown(deps, renewal);
      case 'undoing':
        return (await isAtWork(deps, renewal)) ? shown(deps, renewal) : execute(deps, renewal);
      case 'running':
      case 'waiting-for-term':
      case 'waiting-for-cleanup':
      case 'stopped': {
        const refusal = await lock(deps, renewal);
        if (refusal !== undefined) return refusal;
        const undo = renewal.undo ?? { actor, at: now, after: renewal.executions };
        const isNoted = await noteProgress(table, renewal, { status: 'undoing', undo }, [...UNDER_WAY, 'stopped']);
        if (!isNoted) return undefined;
        // What it still does while it is ended is safe: each row goes one way only, and back once.
        if (renewal.execution !== undefined) await executions.stop(renewal.execution, `undone by ${actor}`);
        return execute(deps, renewal);
      }
    }
  });
}

/** A renewal as it stands, its rows a page at a time; or all of it as a text. */
export async function getRenewal(
  { table, tenant }: TenantContext,
  { renewalId, cursor, format }: Pick<RequestOf<'get-renewal'>, 'renewalId' | 'cursor' | 'format'>,
) {
  const of = { tenant: tenant.tenantId, renewalId };
  if (format === 'text') return (await textOfRenewal(table, tenant.folders, of)) ?? unknownRenewal(renewalId);
  return onePage((position) => viewRenewal(table, tenant.folders, of, position), cursor, unknownRenewal(renewalId));
}

/** All renewals of the tenant, the latest plan first; their rows: get-renewal. */
export async function listRenewalsCommand({ table, tenant }: TenantContext) {
  return { renewals: await listRenewals(table, tenant.tenantId) };
}

async function shown({ table, tenant }: TenantContext, { renewalId }: Renewal): Promise<RenewalView> {
  const view = await viewRenewal(table, tenant.folders, { tenant: tenant.tenantId, renewalId });
  if (view === undefined) throw new Error(`renewal ${renewalId} is gone`);
  return view;
}

/** Whether an execution is on its way back, and not one that was on its way forward and is just being ended. */
async function isAtWork(
  { executions }: TenantContext,
  { execution, executions: begun, undo }: Renewal,
): Promise<boolean> {
  if (execution === undefined || undo === undefined || begun <= undo.after) return false;
  return executions.isRunning(execution);
}

/** More than anybody has patience for. */
const MOST_EXECUTIONS = 1_000;

/** Starts the next execution of a renewal; its name tells the number. Twice at once is one execution. */
async function execute(deps: TenantContext, renewal: Renewal): Promise<RenewalView> {
  const { tenant, renewalId, executions } = renewal;
  for (let number = executions + 1; number <= executions + MOST_EXECUTIONS; number += 1) {
    const name = `${tenant}.${renewalId}${number === 1 ? '' : `.${number}`}`;
    if ((await deps.executions.start(name, { tenant, renewalId })) === 'started') return shown(deps, renewal);
  }
  throw new TryAgain(`renewal ${renewalId} has no name left for an execution`);
}

async function lock({ table }: TenantContext, { tenant, renewalId }: Renewal): Promise<Refusal | undefined> {
  const answer = await takeLock(table, tenant, renewalId);
  if ('taken' in answer) return undefined;
  const message = `Renewal "${answer.running}" of this tenant is not over. Wait for it, or undo it.`;
  return refused('renewal-running', message, { renewalId: answer.running });
}

async function changedSince(
  { table, objects }: TenantContext,
  renewal: Renewal,
  rows: readonly RenewalRow[],
): Promise<Refusal | undefined> {
  const { upload } = renewal;
  const found = upload === undefined ? undefined : await objects.head({ key: upload.key });
  const isSameUpload = upload === undefined || found?.etag === upload.etag;
  const differences: readonly Difference[] = await differencesSince(table, renewal, rows, isSameUpload);
  if (differences.length === 0) return undefined;
  const message = `${differences.length} facts that the plan depends on have changed since it was made. Plan it again with plan-renewal.`;
  return refused('conflict', message, { differences: differences.slice(0, MOST_TOLD) });
}

function shortfallNotAccepted(unnamed: readonly { readonly serialNumber: string; readonly user?: string }[]): Refusal {
  const { error } = invalidRequest([
    {
      place: 'acceptedShortfall',
      text: `must name every license without a replacement; ${unnamed.length} are missing`,
    },
  ]);
  return { error: { ...error, shortfall: unnamed.slice(0, MOST_TOLD) } };
}

type Mark = { readonly actor: string; readonly at: Instant };

/** Whether a mark on a renewal is the one that this request makes. */
function isMark(found: Mark | undefined, { actor, at }: Mark): boolean {
  return found?.actor === actor && found.at === at;
}

function isStale(renewal: Renewal, expectedVersion: string | undefined): boolean {
  return expectedVersion !== undefined && expectedVersion !== versionOf(renewal);
}

function stale(renewal: Renewal): Refusal {
  const message = `Renewal "${renewal.renewalId}" was planned again or went on since you read it. Look at it again.`;
  return refused('stale-version', message, { version: versionOf(renewal) });
}

function unknownRenewal(renewalId: string): Refusal {
  return refused('unknown-renewal', `There is no renewal "${renewalId}".`);
}

function wrongStatus({ renewalId, status }: Renewal, whatToDo: string): Refusal {
  return refused('conflict', `Renewal "${renewalId}" is ${status}. ${whatToDo}`, { renewalId, status });
}

const ID_CHARACTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** The day, for people, and six characters so that two plans of one day differ. */
function newRenewalId({ clock, random, tenant }: TenantContext): string {
  const characters = Array.from({ length: 6 }, () => ID_CHARACTERS[random(ID_CHARACTERS.length)]).join('');
  return `${dayIn(tenant.settings.timeZone, clock.now())}-${characters}`;
}
