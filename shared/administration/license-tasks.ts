import { defined } from '../licensing/defined.ts';
import { folderAt, pathOf } from '../licensing/folder-tree.ts';
import type { License } from '../licensing/license/license.ts';
import { undoingEvent } from '../licensing/license/undo.ts';
import type { UserCard } from '../licensing/login/user-card.ts';
import { dayIn } from '../licensing/time.ts';
import { licenseKey } from '../store/keys.ts';
import { readLicenses } from '../store/read-license.ts';
import { readUserCard } from '../store/read-user-card.ts';
import type { LicenseChange, RequestOf } from './administer-request.ts';
import { changeLicense, type Decide, judgeChange, unknownLicense } from './change-license.ts';
import type { TenantContext } from './deps.ts';
import { assignTo, intoFolder, release, toDelete, toRestore } from './licenses.ts';
import { mapInGroups } from './map-in-groups.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';
import { refusalOfError } from './refusal-of-error.ts';

/** A license, and what is to be done with it. */
export type Task = { readonly serialNumber: string; readonly expectedVersion?: number; readonly change: LicenseChange };

/**
 * The result for one license, or the result that it would be. `undo` makes the license what it was before. It is absent
 * if nothing has changed, or if no single change restores everything.
 */
export type Result =
  | { readonly serialNumber: string; readonly done: true; readonly version: number; readonly undo?: LicenseChange }
  | { readonly serialNumber: string; readonly done: false; readonly error: Refusal['error'] };

type By = Pick<RequestOf<'change-licenses'>, 'actor' | 'command'>;

type ReadCard = (user: string) => Promise<UserCard | undefined>;

/**
 * Makes each change. A refusal of one license does not affect the others. Assignments come last, one after the other,
 * because a user's earlier license decides about the next one. So a list can release a license of a user and assign
 * another.
 */
export async function carryOut(deps: TenantContext, by: By, tasks: readonly Task[]): Promise<readonly Result[]> {
  const results = new Map<Task, Result>();
  const run = async (task: Task) => {
    results.set(task, await changed(deps, by, task));
  };
  const { others, assignments } = inOrder(tasks);
  await mapInGroups(others, run);
  await mapInGroups(assignments, run, 1);
  return tasks.flatMap((task) => results.get(task) ?? []);
}

function inOrder(tasks: readonly Task[]) {
  const isAssignment = ({ change }: Task) => change.action === 'assign';
  return { others: tasks.filter((task) => !isAssignment(task)), assignments: tasks.filter(isAssignment) };
}

async function changed(deps: TenantContext, by: By, { change, ...one }: Task): Promise<Result> {
  const { serialNumber } = one;
  const decide = decisionOf(deps, change, cardReader(deps));
  if (isRefusal(decide)) return refusedResult(serialNumber, decide);
  let before: License | undefined;
  const answer = await changeLicense(deps, { ...one, ...by }, (license, today) => {
    before = license;
    return decide(license, today);
  }).catch((error) => refusalOfError(by.command, error));
  return isRefusal(answer) ? refusedResult(serialNumber, answer) : doneResult(deps, before ?? answer, answer);
}

/**
 * Judges each change as `carryOut` does, on the licenses that were read and in the same order, and writes nothing. What
 * an earlier change does to a user's licenses counts for the later ones.
 */
export function judge(deps: TenantContext, by: By) {
  const { readCard, note } = previewedCards(cardReader(deps));
  const judgeOne = async ({ change, ...one }: Task, license: License | undefined): Promise<Result> => {
    const { serialNumber } = one;
    const decide = decisionOf(deps, change, readCard);
    if (isRefusal(decide)) return refusedResult(serialNumber, decide);
    if (license === undefined) return refusedResult(serialNumber, unknownLicense(serialNumber));
    const judgment = await judgeChange(deps, { ...one, ...by }, license, decide);
    if (isRefusal(judgment)) return refusedResult(serialNumber, judgment);
    note(license, judgment);
    return doneResult(deps, license, judgment);
  };
  return async (tasks: readonly Task[], licenses: ReadonlyMap<string, License>): Promise<readonly Result[]> => {
    const results = new Map<Task, Result>();
    const { others, assignments } = inOrder(tasks);
    for (const task of [...others, ...assignments]) {
      results.set(task, await judgeOne(task, licenses.get(task.serialNumber)));
    }
    return tasks.flatMap((task) => results.get(task) ?? []);
  };
}

/** Reads the licenses of a list, by their serial numbers. */
export async function readListed(
  { table, tenant }: TenantContext,
  tasks: readonly Task[],
): Promise<ReadonlyMap<string, License>> {
  const keys = tasks.map(({ serialNumber }) => licenseKey(tenant.tenantId, serialNumber));
  return new Map((await readLicenses(table, keys)).map((license) => [license.serialNumber, license]));
}

/** Returns how a change decides about a license, or the refusal of a change that is possible for no license. */
export function decisionOf(deps: TenantContext, change: LicenseChange, readCard: ReadCard): Decide | Refusal {
  switch (change.action) {
    case 'assign': {
      const { user, several = false } = change;
      return assignTo(user, () => readCard(user), several);
    }
    case 'release':
      return release;
    case 'move': {
      const folderId = folderAt(deps.tenant.folders, change.folder);
      return folderId === undefined ? unknownFolder(change.folder) : intoFolder(folderId);
    }
    case 'delete':
      return toDelete(deps);
    case 'restore':
      return toRestore(deps);
  }
}

export function cardReader({ table, tenant }: TenantContext): ReadCard {
  return async (user) => (await readUserCard(table, tenant.tenantId, user)).card;
}

/** Reads each card once, and returns it with the licenses that the judged changes would have given and taken. */
function previewedCards(read: ReadCard) {
  const cards = new Map<string, ReturnType<ReadCard>>();
  const judged = new Map<string, License>();
  const readCard: ReadCard = async (user) => {
    const reading = cards.get(user) ?? read(user);
    cards.set(user, reading);
    const card = await reading;
    if (card === undefined) return undefined;
    const kept = Object.entries(card.assigned).filter(([serialNumber]) => !judged.has(serialNumber));
    const given = [...judged].filter(([, { assignedTo }]) => assignedTo === user);
    return { ...card, assigned: Object.fromEntries([...kept, ...given]) };
  };
  const note = (before: License, after: License): void => {
    if (before.assignedTo !== after.assignedTo) judged.set(after.serialNumber, after);
  };
  return { readCard, note };
}

function refusedResult(serialNumber: string, { error }: Refusal): Result {
  return { serialNumber, done: false, error };
}

function doneResult(deps: TenantContext, before: License, after: License): Result {
  const { serialNumber, version } = after;
  return defined({ serialNumber, done: true, version, undo: undoingChange(deps, before, after) });
}

function undoingChange({ clock, tenant }: TenantContext, before: License, after: License): LicenseChange | undefined {
  const at = clock.now();
  const undoing = undoingEvent(before, after, { at, today: dayIn(tenant.settings.timeZone, at) });
  if (undoing === undefined) return undefined;
  switch (undoing.event) {
    case 'assign':
      return { action: 'assign', user: undoing.user, several: true };
    case 'move': {
      const folder = pathOf(tenant.folders, undoing.folderId);
      return folder === undefined ? undefined : { action: 'move', folder };
    }
    case 'release':
    case 'delete':
    case 'restore':
      return { action: undoing.event };
  }
}
