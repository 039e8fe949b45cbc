import { equal } from '../licensing/clause.ts';
import type { Difference } from '../licensing/renewal/renewal-differences.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { type Loser, summaryOf } from '../licensing/renewal/renewal-summary.ts';
import { dayIn, type Instant } from '../licensing/time.ts';
import { TryAgain } from '../platform/errors.ts';
import type { Table } from '../platform/ports/table.ts';
import { randomText } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { invalidRequest } from '../platform/validation.ts';
import { differencesSince } from '../renewals/check-differences.ts';
import { keepPlan, makePlan } from '../renewals/make-plan.ts';
import { progressWrite } from '../renewals/note-progress.ts';
import { findRenewal, readRows } from '../renewals/read-renewal.ts';
import { type Renewal, UNDER_WAY } from '../renewals/renewal.ts';
import { releaseLock, takeLock } from '../renewals/renewal-lock.ts';
import {
  listRenewals,
  type RenewalView,
  textOfRenewal,
  versionOf,
  viewRenewal,
  viewStatus,
} from '../renewals/renewal-view.ts';
import { describeRunning } from '../renewals/running-renewal.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { conflict, isRefusal, type Refusal, refused } from './refusal.ts';
import { onePage } from './reports.ts';

/** How many differences, or licenses without a replacement, one refusal lists at most. */
const MOST_LISTED = 1_000;

/**
 * Plans a renewal, and changes nothing but the plan (R33, R34). A renewal that has not been started can be planned
 * again. The new plan must be approved again.
 */
export async function planRenewalCommand(deps: TenantContext, request: RequestOf<'plan-renewal'>) {
  const { table, tenant } = deps;
  const { expiringOnOrBefore: onOrBefore, serialNumbers, upload, mode, actor } = request;
  if ((onOrBefore === undefined) === (serialNumbers === undefined)) {
    const text = 'name the licenses to replace, either by a day or by `serialNumbers`';
    return invalidRequest([{ place: 'expiringOnOrBefore', text }]);
  }
  const renewalId = request.renewalId ?? newRenewalId(deps);
  const earlier = await findRenewal(table, tenant.tenantId, renewalId);
  if (earlier !== undefined && earlier.status !== 'planned' && earlier.status !== 'approved') {
    return wrongStatus(earlier, 'Use another `renewalId` for the next plan.');
  }
  const expiring = onOrBefore === undefined ? { serialNumbers: serialNumbers ?? [] } : { onOrBefore };
  const plan = await makePlan(deps, tenant, { renewalId, mode, actor, expiring, upload }, earlier);
  if (plan === 'changed meanwhile') return conflict();
  if ('faults' in plan) return invalidRequest(plan.faults);
  return getRenewal(deps, { renewalId, format: request.format });
}

/** In a member of its own, because a stopped renewal has an `error` like a refusal. */
type FoundRenewal = { readonly renewal: Renewal };
type RenewalUpdate = Update<FoundRenewal, FoundRenewal | Refusal>;

/**
 * Approves a plan (R35). Refuses with the differences when a fact has changed since the plan was made, and when the
 * approval names other licenses than those without a replacement.
 */
export async function approveRenewal(deps: TenantContext, request: RequestOf<'approve-renewal'>) {
  const { table, clock } = deps;
  const mark = { actor: request.actor, at: clock.now() };
  const accepted = new Set(request.acceptedShortfall);
  const approve = async (renewal: Renewal | undefined): Promise<RenewalUpdate> => {
    if (renewal === undefined) return unchanged(unknownRenewal(request.renewalId));
    if (isStale(renewal, request.expectedVersion)) return unchanged(staleRenewal(renewal));
    if (renewal.status === 'approved') return unchanged({ renewal });
    if (renewal.status !== 'planned') return unchanged(wrongStatus(renewal, 'Only a plan can be approved.'));

    const rows = (await readRows(table, renewal)).map(({ row }) => row);
    const changed = await changedSince(deps, renewal, rows);
    if (changed !== undefined) return unchanged(changed);
    const short = summaryOf(rows).shortfall.flatMap(({ licenses }) => licenses);
    const unnamed = short.filter(({ serialNumber }) => !accepted.has(serialNumber));
    if (unnamed.length > 0) return unchanged(shortfallNotAccepted(unnamed));
    const named = new Set(short.map(({ serialNumber }) => serialNumber));
    const others = [...accepted].filter((serialNumber) => !named.has(serialNumber));
    if (others.length > 0) return unchanged(notInShortfall(others));
    const progress = { status: 'approved', approved: { ...mark, acceptedShortfall: short.length } } as const;
    const write = progressWrite(renewal, progress, ['planned'], [equal('planId', renewal.planId)]);
    return { kind: 'write', writes: [write], after: { renewal: { ...renewal, ...progress } } };
  };
  const answer = await updateOptimistically(deps, reader(deps, request), approve, (found) =>
    found !== undefined && isMark(found.approved, mark) ? { renewal: found } : undefined,
  );
  return isRefusal(answer) ? answer : readView(deps, answer.renewal);
}

/**
 * Starts an approved renewal. Returns a renewal that is running already as it is (F38). Refuses when a fact has changed
 * since the plan was made (R35), and while another renewal of the tenant is not over (R42).
 */
export function startRenewal(deps: TenantContext, request: RequestOf<'start-renewal'>) {
  return untilAnswered(deps, () => tryToStart(deps, request));
}

async function tryToStart(deps: TenantContext, { renewalId, expectedVersion }: RequestOf<'start-renewal'>) {
  const { table, tenant } = deps;
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  if (isStale(renewal, expectedVersion)) return staleRenewal(renewal);
  switch (renewal.status) {
    case 'approved': {
      const rows = (await readRows(table, renewal)).map(({ row }) => row);
      const changed = await changedSince(deps, renewal, rows);
      if (changed !== undefined) return changed;
      const locking = await lock(deps, renewal);
      if (locking !== 'taken') return locking;
      await keepPlan(table, renewal);
      return execute(deps, renewal);
    }
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'finished':
      return readView(deps, renewal);
    case 'planned':
      return wrongStatus(renewal, 'Approve it first, with approve-renewal.');
    case 'stopped':
      return wrongStatus(renewal, 'Continue it with resume-renewal, or undo it with undo-renewal.');
    case 'undoing':
    case 'undone':
      return wrongStatus(renewal, 'Plan another renewal.');
  }
}

/**
 * Continues a renewal, or its undo, from where it stopped (R40), also when somebody has stopped its execution. Returns
 * a running renewal as it is.
 */
export function resumeRenewal(deps: TenantContext, request: RequestOf<'resume-renewal'>) {
  return untilAnswered(deps, () => tryToResume(deps, request));
}

async function tryToResume(deps: TenantContext, { renewalId, expectedVersion }: RequestOf<'resume-renewal'>) {
  const { table, tenant } = deps;
  const renewal = await findRenewal(table, tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  if (isStale(renewal, expectedVersion)) return staleRenewal(renewal);
  const { status } = renewal;
  if (status === 'planned' || status === 'approved') return wrongStatus(renewal, 'It has not been started.');
  if (status === 'finished' || status === 'undone') return wrongStatus(renewal, 'There is nothing left to do.');
  if (status !== 'stopped' && (await isRunning(deps, renewal))) return readView(deps, renewal);
  const locking = await lock(deps, renewal);
  return locking === 'taken' ? execute(deps, renewal) : locking;
}

/**
 * Undoes a renewal (R41). This is possible until the cleanup has deleted all of it. A renewal that was not started is
 * undone at once. Otherwise its execution is stopped, and another execution undoes it row by row. The command can be
 * repeated: it continues an undo that was interrupted.
 */
export async function undoRenewal(deps: TenantContext, request: RequestOf<'undo-renewal'>) {
  const { table, tenant, executions } = deps;
  const mark = { actor: request.actor, at: deps.clock.now() };
  const answer = await updateOptimistically(
    deps,
    reader(deps, request),
    (found) => decideUndo(deps, request, mark, found),
    (found) => (found !== undefined && isMark(found.undo, mark) ? { renewal: found } : undefined),
  );
  if (isRefusal(answer)) return answer;
  const { renewal } = answer;
  if (renewal.status === 'undone') {
    await releaseLock(table, tenant.tenantId, renewal.renewalId);
    return readView(deps, renewal);
  }
  if (isGoingBack(renewal)) return (await isRunning(deps, renewal)) ? readView(deps, renewal) : execute(deps, renewal);
  // It is safe that the execution may go on for a moment: each row goes forward and back at most once.
  if (renewal.execution !== undefined) await executions.stop(renewal.execution, `undone by ${request.actor}`);
  return execute(deps, renewal);
}

async function decideUndo(
  deps: TenantContext,
  { renewalId, expectedVersion }: RequestOf<'undo-renewal'>,
  mark: Mark,
  renewal: Renewal | undefined,
): Promise<RenewalUpdate> {
  if (renewal === undefined) return unchanged(unknownRenewal(renewalId));
  if (isStale(renewal, expectedVersion)) return unchanged(staleRenewal(renewal));
  const undo = { ...mark, after: renewal.executions };
  switch (renewal.status) {
    case 'planned':
    case 'approved': {
      const progress = { status: 'undone', undo, undoneAt: mark.at } as const;
      const write = progressWrite(renewal, progress, [renewal.status]);
      return { kind: 'write', writes: [write], after: { renewal: { ...renewal, ...progress } } };
    }
    case 'finished':
      return unchanged(
        wrongStatus(renewal, 'The cleanup has deleted its licenses. Bring them back with restore-license.'),
      );
    case 'undone':
    case 'undoing':
      return unchanged({ renewal });
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'stopped': {
      const locking = await lock(deps, renewal);
      if (locking === undefined) return { kind: 'retry' };
      if (locking !== 'taken') return unchanged(locking);
      const progress = { status: 'undoing', undo: renewal.undo ?? undo } as const;
      const write = progressWrite(renewal, progress, [...UNDER_WAY, 'stopped']);
      return { kind: 'write', writes: [write], after: { renewal: { ...renewal, ...progress } } };
    }
  }
}

/** Returns a renewal as it is now: with a page of its rows, without rows in two reads, or all of it as a text. */
export async function getRenewal(
  { table, tenant }: TenantContext,
  {
    renewalId,
    cursor,
    format,
    rows = 'page',
  }: Pick<RequestOf<'get-renewal'>, 'renewalId' | 'cursor' | 'format'> &
    Partial<Pick<RequestOf<'get-renewal'>, 'rows'>>,
) {
  if (rows === 'none' && (format === 'text' || cursor !== undefined)) {
    return invalidRequest([{ place: 'rows', text: '`none` must stand without `cursor` and without `format=text`' }]);
  }
  const of = { tenant: tenant.tenantId, renewalId };
  if (rows === 'none') return (await viewStatus(table, of)) ?? unknownRenewal(renewalId);
  if (format === 'text') return (await textOfRenewal(table, tenant.folders, of)) ?? unknownRenewal(renewalId);
  return onePage((position) => viewRenewal(table, tenant.folders, of, position), cursor, unknownRenewal(renewalId));
}

/** Lists all renewals of the tenant without their rows, the latest plan first. */
export async function listRenewalsCommand({ table, tenant }: TenantContext) {
  return { renewals: await listRenewals(table, tenant.tenantId) };
}

async function readView({ table, tenant }: TenantContext, { renewalId }: Renewal): Promise<RenewalView> {
  const view = await viewRenewal(table, tenant.folders, { tenant: tenant.tenantId, renewalId });
  if (view === undefined) throw new Error(`renewal ${renewalId} is gone`);
  return view;
}

/** Returns whether the latest execution was started for the undo. */
function isGoingBack({ executions, undo }: Renewal): boolean {
  return undo !== undefined && executions > undo.after;
}

async function isRunning({ executions }: TenantContext, { execution }: Renewal): Promise<boolean> {
  return execution !== undefined && executions.isRunning(execution);
}

function reader({ table, tenant }: TenantContext, { renewalId }: { readonly renewalId: string }) {
  return () => findRenewal(table, tenant.tenantId, renewalId);
}

/** How many names are tried for one execution. No renewal comes near this number of executions. */
const MOST_EXECUTIONS = 1_000;

/** Starts the next execution of a renewal. The name has its number, so two concurrent calls start one execution. */
async function execute(deps: TenantContext, renewal: Renewal): Promise<RenewalView> {
  const { tenant, renewalId, executions } = renewal;
  for (let number = executions + 1; number <= executions + MOST_EXECUTIONS; number += 1) {
    const name = `${tenant}.${renewalId}${number === 1 ? '' : `.${number}`}`;
    if ((await deps.executions.start(name, { tenant, renewalId })) === 'started') return readView(deps, renewal);
  }
  throw new TryAgain(`renewal ${renewalId} has no free name for an execution`);
}

/**
 * Returns `taken`, the refusal while another renewal runs, or undefined if the renewal has changed since it was read.
 */
async function lock({ table }: TenantContext, renewal: Renewal): Promise<'taken' | Refusal | undefined> {
  const locking = await takeLock(table, renewal);
  switch (locking.kind) {
    case 'taken':
      return 'taken';
    case 'held':
      return refuseWhileRunning(table, renewal.tenant, locking.by);
    case 'changed':
      return undefined;
  }
}

/** Refuses with what the tenant's running renewal waits for, until when, and who holds it up (R42). */
export async function refuseWhileRunning(table: Table, tenantId: string, renewalId: string): Promise<Refusal> {
  const { waitsFor, ...running } = await describeRunning(table, tenantId, renewalId);
  const message = `Renewal "${renewalId}" of this tenant is not over. ${waitsFor} Wait until it is over, or undo it.`;
  return refused('renewal-running', message, running);
}

/**
 * Returns what has changed since a plan was made that has not been started (R35): how many facts, and a thousand of
 * them. Reads all rows of the plan, and every license and user that they name.
 */
export async function getRenewalDifferences(deps: TenantContext, { renewalId }: RequestOf<'get-renewal-differences'>) {
  const renewal = await findRenewal(deps.table, deps.tenant.tenantId, renewalId);
  if (renewal === undefined) return unknownRenewal(renewalId);
  const { status } = renewal;
  if (status !== 'planned' && status !== 'approved') {
    return wrongStatus(renewal, 'Only a plan that has not been started is compared with the present.');
  }
  const rows = (await readRows(deps.table, renewal)).map(({ row }) => row);
  const differences = await presentDifferences(deps, renewal, rows);
  const shown = differences.slice(0, MOST_LISTED);
  return { renewalId, status, version: versionOf(renewal), count: differences.length, differences: shown };
}

async function presentDifferences(
  { table, objects }: TenantContext,
  renewal: Renewal,
  rows: readonly RenewalRow[],
): Promise<readonly Difference[]> {
  const { upload } = renewal;
  const found = upload === undefined ? undefined : await objects.head({ key: upload.key });
  const isSameUpload = upload === undefined || found?.etag === upload.etag;
  return differencesSince(table, renewal, rows, isSameUpload);
}

async function changedSince(
  deps: TenantContext,
  renewal: Renewal,
  rows: readonly RenewalRow[],
): Promise<Refusal | undefined> {
  const differences = await presentDifferences(deps, renewal, rows);
  if (differences.length === 0) return undefined;
  const message = `${differences.length} facts that the plan depends on have changed since it was made. Plan it again with plan-renewal.`;
  return refused('conflict', message, { differences: differences.slice(0, MOST_LISTED) });
}

/** How many licenses the text of a refusal names. */
const MOST_IN_TEXT = 20;

function shortfallNotAccepted(unnamed: readonly Loser[]): Refusal {
  const names = unnamed.map(({ serialNumber, user, withoutFrom }) =>
    user === undefined ? serialNumber : `${serialNumber} (${user} is without it from ${withoutFrom})`,
  );
  const text = `must name every license without a replacement; missing are ${firstOf(names)}`;
  const { error } = invalidRequest([{ place: 'acceptedShortfall', text }]);
  return { error: { ...error, shortfall: unnamed.slice(0, MOST_LISTED) } };
}

function notInShortfall(names: readonly string[]): Refusal {
  const text = `must name only licenses without a replacement; others are ${firstOf(names)}`;
  return invalidRequest([{ place: 'acceptedShortfall', text }]);
}

function firstOf(names: readonly string[]): string {
  const more = names.length > MOST_IN_TEXT ? ` and ${names.length - MOST_IN_TEXT} more` : '';
  return `${names.slice(0, MOST_IN_TEXT).join(', ')}${more}`;
}

type Mark = { readonly actor: string; readonly at: Instant };

/** Returns whether a mark on a renewal was written by this request. */
function isMark(found: Mark | undefined, { actor, at }: Mark): boolean {
  return found?.actor === actor && found.at === at;
}

function isStale(renewal: Renewal, expectedVersion: string | undefined): boolean {
  return expectedVersion !== undefined && expectedVersion !== versionOf(renewal);
}

function staleRenewal(renewal: Renewal): Refusal {
  const message = `Renewal "${renewal.renewalId}" was planned again, or has made progress, since you read it. Read it again.`;
  return refused('stale-version', message, { version: versionOf(renewal) });
}

export function unknownRenewal(renewalId: string): Refusal {
  return refused('unknown-renewal', `There is no renewal "${renewalId}".`);
}

function wrongStatus({ renewalId, status }: Renewal, whatToDo: string): Refusal {
  return refused('conflict', `Renewal "${renewalId}" is ${status}. ${whatToDo}`, { renewalId, status });
}

/** Without characters that people mistake for each other. */
const ID_CHARACTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Returns the present day, for people, and six characters, so that two plans of one day differ. */
function newRenewalId({ clock, random, tenant }: TenantContext): string {
  return `${dayIn(tenant.settings.timeZone, clock.now())}-${randomText(random, 6, ID_CHARACTERS)}`;
}
