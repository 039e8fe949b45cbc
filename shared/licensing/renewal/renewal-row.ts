import { startOfDay } from '../cleanup-time.ts';
import { defined } from '../defined.ts';
import { Z_OLD } from '../folder-tree.ts';
import { type Change, isAllocatable, type License, lifecycleState } from '../license/license.ts';
import { type LifecycleEvent, transition } from '../license/lifecycle.ts';
import { sentence } from '../sentences.ts';
import { lastDay, sameTerm, termPhase, termTo } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import type { NewLicenseNote, OldLicenseNote, RenewalMode } from '../vocabulary.ts';
import type { PlannedRow } from './renewal-plan.ts';

/** The folder and the user of a license before the renewal changed it. An undo restores them. */
type FormerFacts = {
  readonly folderId: string;
  readonly assignedTo?: string;
  readonly releasing?: true;
};

/** What the renewal did to one of a row's licenses, so that an undo can see whether anybody changed it afterwards. */
type Touched = {
  /** The version of the license after the renewal's change. */
  readonly version: number;
  readonly before: FormerFacts;
};

/** One row of a renewal: the plan and its result. */
export type RenewalRow = Omit<PlannedRow, 'outcome'> & {
  readonly outcome: PlannedRow['outcome'] | 'set-aside' | 'undone' | 'skipped';
  /** Path of the folder when the plan was made. It stays if the folder is renamed later. */
  readonly folder: string;
  /** Grows with every step through the row. Of two concurrent steps the later one is refused. */
  readonly version: number;
  /** Whether the switch has handled the row. */
  readonly switched: boolean;
  /** What became of the old license after it was set aside. */
  readonly oldLicense?: OldLicenseNote;
  /** What became of the new license when the renewal was undone: held back again, or free as before. */
  readonly newLicense?: NewLicenseNote;
  readonly why?: string;
  /**
   * The folder in which the new license was free before the renewal held it back. Absent when the renewal imported it.
   */
  readonly heldFrom?: string;
  readonly oldTouched?: Touched;
  readonly newTouched?: Touched;
  readonly switchedAt?: Instant;
  readonly deletedAt?: Instant;
  readonly undoneAt?: Instant;
};

/**
 * Changes of licenses, each from what was read, and the row that records them. They are written together or not at all.
 */
export type RowChange = {
  readonly licenses: readonly { readonly before: License; readonly after: License }[];
  readonly row: RenewalRow;
};

export type RowLicenses = { readonly old?: License | undefined; readonly new?: License | undefined };

/** The renewal whose rows are changed. */
export type RowFacts = {
  readonly renewalId: string;
  readonly mode: RenewalMode;
  /** Absent when the renewal is by a list. */
  readonly expiringOnOrBefore?: Day | undefined;
  /** The import of the renewal's file. Absent when the renewal has no file. */
  readonly importId?: string | undefined;
  readonly today: Day;
  readonly change: Change;
  /** A user whose card has been removed. No license is given back to them. */
  readonly removedUser?: string | undefined;
};

/**
 * Holds back a replacement that is free already (R36), or that another renewal left held back. One that a user has
 * taken is left to that user, and the switch then skips the row.
 */
export function holdBackRow(row: RenewalRow, { new: offered }: RowLicenses, facts: RowFacts): RowChange {
  const { renewalId, today, change } = facts;
  if (isOver(row) || offered === undefined || offered.heldBackFor === renewalId) return { licenses: [], row };
  const state = lifecycleState(offered);
  if (state !== 'free' && state !== 'held-back') return { licenses: [], row };
  const held = transition(offered, { event: 'hold-back', renewalId, folderId: offered.folderId, today }, change);
  const from = state === 'free' ? { heldFrom: offered.folderId } : {};
  return { licenses: changed(offered, held), row: next({ ...row, ...from }) };
}

/**
 * Switches one row (R37). The old license is released and set aside, and the new one is let in to its folder and user,
 * as both are now. A user who works on the old license goes on until their sessions end. A row that no longer fits the
 * plan is skipped and says why. A replacement whose term has not begun waits.
 */
export function switchRow(row: RenewalRow, licenses: RowLicenses, facts: RowFacts): RowChange {
  if (isOver(row) || row.switched) return { licenses: [], row };
  const done: RenewalRow = next({ ...row, switched: true, switchedAt: facts.change.at });
  switch (row.outcome) {
    case 'replaced':
      if (licenses.new !== undefined && termPhase(licenses.new, facts.today) === 'not-yet-valid') {
        return { licenses: [], row };
      }
      return replaced(done, licenses, facts);
    case 'left-over':
      return leftOver(done, licenses, facts);
    case 'shortfall':
      return withoutReplacement(done, licenses, facts);
    case 'extended':
    case 'set-aside':
    case 'undone':
    case 'skipped':
      return { licenses: [], row: done };
  }
}

/**
 * Returns when a row may be switched: when its replacement's term begins, or, without a replacement, together with the
 * last row.
 */
export function dueAt(row: Pick<RenewalRow, 'outcome' | 'new'>, lastBegin: Instant, timeZone: string): Instant {
  return row.outcome === 'replaced' && row.new !== undefined ? startOfDay(timeZone, row.new.validFrom) : lastBegin;
}

function replaced(row: RenewalRow, { old, new: replacement }: RowLicenses, facts: RowFacts): RowChange {
  const { today, change } = facts;
  if (!isHeldBackFor(replacement, facts)) return skipped(row, sentence('renewalRow', 'new-not-held-back', {}));
  if (old === undefined || lifecycleState(old) === 'deleted' || lastDay(old) > lastDayPlanned(row, facts)) {
    const why =
      old === undefined || old.deletedAt !== undefined
        ? sentence('renewalRow', 'old-deleted', {})
        : sentence('renewalRow', 'old-extended', {});
    const letIn = transition(replacement, { event: 'let-in', folderId: replacement.folderId, today }, change);
    return {
      licenses: changed(replacement, letIn),
      row: { ...row, ...touchedNew(replacement), outcome: 'skipped', why },
    };
  }
  // No login could give this license back to its user, so it is assigned in either mode.
  const follows = facts.mode === 'assign' || !isAllocatable(old);
  const isTheirs = old.assignedTo !== undefined && old.assignedTo !== facts.removedUser;
  const user = follows && isTheirs ? { user: old.assignedTo } : {};
  const folderId = old.folderId === Z_OLD ? row.folderId : old.folderId;
  const retired = transition(old, { event: 'retire', today }, change);
  const letIn = transition(replacement, { event: 'let-in', folderId, ...user, today }, change);
  return {
    licenses: [...changed(old, retired), ...changed(replacement, letIn)],
    row: { ...row, oldTouched: touched(old), ...touchedNew(replacement), oldLicense: 'set-aside' },
  };
}

/** Frees a new license that replaces none, in the folder to which it was imported. */
function leftOver(row: RenewalRow, { new: offered }: RowLicenses, facts: RowFacts): RowChange {
  if (!isHeldBackFor(offered, facts)) return skipped(row, sentence('renewalRow', 'new-not-held-back', {}));
  const { today, change } = facts;
  const letIn = transition(offered, { event: 'let-in', folderId: offered.folderId, today }, change);
  return { licenses: changed(offered, letIn), row: { ...row, ...touchedNew(offered) } };
}

/** Sets aside a license without a replacement if it has expired. Until then its user works on it. */
function withoutReplacement(row: RenewalRow, { old }: RowLicenses, { today, change }: RowFacts): RowChange {
  if (old === undefined || lifecycleState(old) === 'deleted')
    return skipped(row, sentence('renewalRow', 'license-deleted', {}));
  if (termPhase(old, today) !== 'expired') return { licenses: [], row };
  const retired = transition(old, { event: 'retire', today }, change);
  return {
    licenses: changed(old, retired),
    row: { ...row, oldTouched: touched(old), outcome: 'set-aside', oldLicense: 'set-aside' },
  };
}

/** Returns whether the row's license has no replacement and was left to its user until its last day. */
export function isLeftToItsUser({ outcome, switched, undoneAt }: RenewalRow): boolean {
  return outcome === 'shortfall' && switched && undoneAt === undefined;
}

/**
 * Sets aside a license without a replacement after its last day (R37), also when the renewal has finished. One that was
 * deleted, extended, moved or set aside by somebody else since is left alone, and the row says so. So nobody stays
 * blocked by a license that the plan said would end.
 */
export function setAsideExpiredRow(row: RenewalRow, { old }: RowLicenses, facts: RowFacts): RowChange {
  if (!isLeftToItsUser(row)) return { licenses: [], row };
  const why = whyLeftAlone(row, old);
  if (old === undefined || why !== undefined)
    return skipped(next(row), why ?? sentence('renewalRow', 'license-gone', {}));
  if (termPhase(old, facts.today) !== 'expired') return { licenses: [], row };
  return withoutReplacement(next(row), { old }, facts);
}

function whyLeftAlone(row: RenewalRow, old: License | undefined): string | undefined {
  if (old === undefined || lifecycleState(old) === 'deleted') return sentence('renewalRow', 'license-deleted', {});
  if (lastDay(old) > (row.old?.expiresOn ?? '')) return sentence('renewalRow', 'license-extended', {});
  return old.folderId === row.folderId ? undefined : sentence('renewalRow', 'license-moved', {});
}

/**
 * Cleans up one row (R39). Deletes an old license that was set aside before today and is neither assigned nor in use.
 * One that is still in use is tried again the next day. One that was moved out of zOld is left alone.
 */
export function cleanUpRow(row: RenewalRow, old: License | undefined, { today, change }: RowFacts): RowChange {
  if (isOver(row) || !isLeftInZOld(row)) return { licenses: [], row };
  if (old === undefined || lifecycleState(old) === 'deleted') {
    return { licenses: [], row: next({ ...row, oldLicense: 'deleted', deletedAt: old?.deletedAt ?? change.at }) };
  }
  if (old.folderId !== Z_OLD) {
    const { oldLicense: _, ...rest } = row;
    return { licenses: [], row: next({ ...rest, why: sentence('renewalRow', 'old-moved-out-of-z-old', {}) }) };
  }
  if (lifecycleState(old) !== 'set-aside') {
    const isNoted = row.oldLicense === 'still-in-use';
    return { licenses: [], row: isNoted ? row : next({ ...row, oldLicense: 'still-in-use' }) };
  }
  if (old.setAsideOn === undefined || old.setAsideOn >= today) return { licenses: [], row };
  const deleted = transition(old, { event: 'delete', today, at: change.at }, change);
  return {
    licenses: changed(old, deleted),
    row: next({ ...row, oldLicense: 'deleted', deletedAt: change.at }),
  };
}

/**
 * Undoes one row (R41). Both licenses return to where they were before the renewal, if they are exactly as it left
 * them. The new license is held back again, or is free again if it was free before. A license that somebody has changed
 * since stays as it is, and the row says who changed it. No step handles the row after that.
 */
export function undoRow(row: RenewalRow, licenses: RowLicenses, facts: RowFacts): RowChange {
  if (isOver(row)) return { licenses: [], row };
  const over = next({ ...row, undoneAt: facts.change.at });
  if (row.oldLicense === 'deleted') return skipped(over, sentence('renewalRow', 'old-deleted-already', {}));
  const changedSince =
    whoChanged(row.old?.serialNumber, licenses.old, row.oldTouched) ??
    whoChanged(row.new?.serialNumber, licenses.new, row.newTouched);
  if (changedSince !== undefined) return skipped(over, changedSince);

  const old = backOld(over, licenses.old, facts);
  const replacement = backNew(over, licenses.new, facts);
  const listed = notAsPlanned(row, old[0]?.after ?? licenses.old, licenses.old, facts);
  const { oldLicense: _, ...rest } = over;
  return {
    licenses: [...old, ...replacement.licenses],
    row: defined({
      ...rest,
      outcome: listed !== undefined && old.length === 0 ? 'skipped' : 'undone',
      ...replacement.newLicense,
      why: listed,
    }),
  };
}

/**
 * Returns what somebody changed before the renewal reached the license, or although it never did. The change is kept,
 * and the row lists it.
 */
function notAsPlanned(
  row: RenewalRow,
  back: License | undefined,
  found: License | undefined,
  { importId }: RowFacts,
): string | undefined {
  const { old: planned, folderId, oldTouched } = row;
  if (planned === undefined) return undefined;
  const isHeldAsPlanned =
    back !== undefined &&
    lifecycleState(back) === planned.state &&
    back.folderId === folderId &&
    back.assignedTo === planned.assignedTo &&
    back.currentUser === planned.currentUser &&
    back.since === planned.since &&
    // A plan of an earlier release does not hold the day on which a license was set aside.
    back.setAsideOn === (planned.setAsideOn ?? back.setAsideOn);
  if (isHeldAsPlanned) {
    if (sameTerm(back, termTo(planned.validFrom, planned.expiresOn))) return undefined;
    if (back.imported.importId === importId && isConfirmed(row, back)) {
      const { issued } = back.imported;
      return sentence('renewalRow', 'term-confirmed', { serialNumber: planned.serialNumber, issued });
    }
  }
  const { serialNumber } = planned;
  if (oldTouched !== undefined) return sentence('renewalRow', 'changed-before-switch', { serialNumber });
  return changedBy(serialNumber, found);
}

function backOld(row: RenewalRow, old: License | undefined, facts: RowFacts): RowChange['licenses'] {
  if (old === undefined) return [];
  const back = termBack(row, placeBack(row, old, facts), facts);
  return back === old ? [] : [{ before: old, after: back }];
}

/** Returns the license to the folder and the user that it had when the switch reached it. */
function placeBack({ oldTouched }: RenewalRow, old: License, { today, change, removedUser }: RowFacts): License {
  if (oldTouched === undefined) return old;
  const { folderId, assignedTo, releasing } = oldTouched.before;
  const event: LifecycleEvent = defined({
    event: 'reinstate',
    folderId,
    today,
    ...(assignedTo === undefined || assignedTo === removedUser ? {} : { user: assignedTo }),
    releasing,
  });
  return accepted(old, transition(old, event, change));
}

/**
 * Returns the license to its term before the renewal's file, unless another file has changed or confirmed the term
 * since.
 */
function termBack(row: RenewalRow, old: License, { importId, change }: RowFacts): License {
  const { old: was, imported } = row;
  const isOurs = importId !== undefined && old.imported.importId === importId && !isConfirmed(row, old);
  if (was === undefined || imported === undefined || !isOurs || old.deletedAt !== undefined) return old;
  const term = termTo(was.validFrom, was.expiresOn);
  if (sameTerm(term, old)) return old;
  return { ...accepted(old, transition(old, { event: 'change-term', term }, change)), imported };
}

function backNew(
  row: RenewalRow,
  offered: License | undefined,
  facts: RowFacts,
): Pick<RowChange, 'licenses'> & { readonly newLicense: Pick<RenewalRow, 'newLicense'> } {
  const { renewalId, today, change } = facts;
  const isHeld = offered?.heldBackFor === renewalId && offered.deletedAt === undefined;
  if (offered === undefined || (row.newTouched === undefined && !isHeld)) return { licenses: [], newLicense: {} };
  const folderId = row.newTouched?.before.folderId ?? offered.folderId;
  const event: LifecycleEvent = { event: 'hold-back', renewalId, folderId, today };
  const [held] = row.newTouched === undefined ? [] : changed(offered, transition(offered, event, change));
  if (row.heldFrom === undefined) {
    return { licenses: held === undefined ? [] : [held], newLicense: { newLicense: 'withdrawn' } };
  }
  const letIn = transition(held?.after ?? offered, { event: 'let-in', folderId: row.heldFrom, today }, change);
  const free = changed(offered, letIn);
  return { licenses: free, newLicense: { newLicense: 'free-again' } };
}

/**
 * Returns whether a file issued later than the renewal's says the same term (R3). Only the license's import mark shows
 * it.
 */
function isConfirmed({ issued }: RenewalRow, license: License): boolean {
  return issued !== undefined && license.imported.issued > issued;
}

/** Returns who changed the license after the renewal, as a text for people, or undefined when nobody did. */
function whoChanged(
  serialNumber: string | undefined,
  license: License | undefined,
  left: Touched | undefined,
): string | undefined {
  if (left === undefined || license?.version === left.version) return undefined;
  return changedBy(serialNumber, license);
}

function changedBy(serialNumber: string | undefined, license: License | undefined): string {
  if (license === undefined) return sentence('renewalRow', 'is-gone', { serialNumber });
  const { actor, cause, at } = license.change;
  return sentence('renewalRow', 'changed-since', { serialNumber, at, actor, cause });
}

/** Returns whether the row's old license waits for deletion. */
export function isLeftInZOld({ oldLicense }: Pick<RenewalRow, 'oldLicense'>): boolean {
  return oldLicense === 'set-aside' || oldLicense === 'still-in-use';
}

/** Returns whether the row has been undone. No step handles it any more. */
export function isOver({ undoneAt }: Pick<RenewalRow, 'undoneAt'>): boolean {
  return undoneAt !== undefined;
}

function isHeldBackFor(license: License | undefined, { renewalId }: RowFacts): license is License {
  return license !== undefined && lifecycleState(license) === 'held-back' && license.heldBackFor === renewalId;
}

/** Returns the last day that the plan expects of the old license. One that lasts longer has been extended since. */
function lastDayPlanned(row: RenewalRow, { expiringOnOrBefore }: RowFacts): Day {
  return expiringOnOrBefore ?? row.old?.expiresOn ?? '';
}

/** Returns the mark of a change that the renewal makes to the license. Each change raises the version by one. */
function touched({ folderId, assignedTo, releasing, version }: License): Touched {
  return {
    version: version + 1,
    before: defined({
      folderId,
      assignedTo,
      releasing,
    }),
  };
}

function touchedNew(offered: License): Pick<RenewalRow, 'newTouched'> {
  return { newTouched: touched(offered) };
}

function next(row: RenewalRow): RenewalRow {
  return { ...row, version: row.version + 1 };
}

function skipped(row: RenewalRow, why: string): RowChange {
  return { licenses: [], row: { ...row, outcome: 'skipped', why } };
}

function changed(before: License, answer: ReturnType<typeof transition>): RowChange['licenses'] {
  return [{ before, after: accepted(before, answer) }];
}

/**
 * Returns the license after the event. Throws for a refusal: the callers check the state before, so it is a fault of
 * ours.
 */
function accepted(before: License, answer: ReturnType<typeof transition>): License {
  if ('refused' in answer) throw new Error(`license ${before.serialNumber}: ${answer.refused}`);
  return answer.license;
}
