import { startOfDay } from '../cleanup-time.ts';
import { Z_OLD } from '../folder-tree.ts';
import { type Change, isAllocatable, type License, lifecycleState } from '../license/license.ts';
import { type LifecycleEvent, transition } from '../license/lifecycle.ts';
import { lastDay, sameTerm, termPhase, termTo } from '../term.ts';
import type { Day, Instant } from '../time.ts';
import type { NewLicenseNote, OldLicenseNote, RenewalMode } from '../vocabulary.ts';
import type { PlannedRow } from './renewal-plan.ts';

/** Where a license stood and whose it was before the renewal changed it: what an undo goes back to. */
export type Place = {
  readonly folderId: string;
  readonly assignedTo?: string;
  readonly releasing?: true;
};

/** What the renewal did to one of a row's licenses, so that an undo finds out whether somebody else came after it. */
export type Touched = {
  /** The version that the renewal left. */
  readonly version: number;
  readonly before: Place;
};

/** One row of a renewal: what was planned, and what came of it. */
export type RenewalRow = Omit<PlannedRow, 'outcome'> & {
  readonly outcome: PlannedRow['outcome'] | 'set-aside' | 'undone' | 'skipped';
  /** Path of its folder when the plan was made: a folder may be renamed, the snapshot stays. */
  readonly folder: string;
  /** Grows with every step through the row: of two that go through it at once the later one is refused. */
  readonly version: number;
  /** Whether the switch has been through it. */
  readonly switched: boolean;
  /** What became of the old license since it was set aside. */
  readonly oldLicense?: OldLicenseNote;
  /** What became of the new license when the renewal was undone: held back again, or free as it had been. */
  readonly newLicense?: NewLicenseNote;
  readonly why?: string;
  /** Where the new license stood, free, before the renewal took hold of it; absent when the renewal imported it. */
  readonly heldFrom?: string;
  readonly oldTouched?: Touched;
  readonly newTouched?: Touched;
  readonly switchedAt?: Instant;
  readonly deletedAt?: Instant;
  readonly undoneAt?: Instant;
};

/** Changes of licenses, each from what was read, and the row that records them: written together or not at all. */
export type RowChange = {
  readonly licenses: readonly { readonly before: License; readonly after: License }[];
  readonly row: RenewalRow;
};

export type RowLicenses = { readonly old?: License | undefined; readonly new?: License | undefined };

/** The renewal whose rows are changed. */
export type RowFacts = {
  readonly renewalId: string;
  readonly mode: RenewalMode;
  /** By a day; absent: by a list. */
  readonly expiringOnOrBefore?: Day | undefined;
  /** The import of the renewal's file; absent: there was none. */
  readonly importId?: string | undefined;
  readonly today: Day;
  readonly change: Change;
  /** A user whose card was removed meanwhile: nothing is given back to them. */
  readonly removedUser?: string | undefined;
};

/**
 * Keeps a replacement that is free already from everyone (R36), one that another renewal left held back included. One
 * that somebody has meanwhile is left to them: the switch will find it so.
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
 * The switch of one row (R37): the old license is released and set aside, the new one let in to its folder and user, as
 * both are now; whoever works on the old one goes on until their sessions end. What the plan no longer fits is skipped
 * and says why. A replacement whose term has not begun waits.
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

/** When a row may be switched: when its replacement's term begins; what has none goes with the last of them. */
export function dueAt(row: Pick<RenewalRow, 'outcome' | 'new'>, lastBegin: Instant, timeZone: string): Instant {
  return row.outcome === 'replaced' && row.new !== undefined ? startOfDay(timeZone, row.new.validFrom) : lastBegin;
}

function replaced(row: RenewalRow, { old, new: replacement }: RowLicenses, facts: RowFacts): RowChange {
  const { today, change } = facts;
  if (!isHeldBackFor(replacement, facts)) return skipped(row, 'the new license is not held back any more');
  if (old === undefined || lifecycleState(old) === 'deleted' || lastDay(old) > lastDayPlanned(row, facts)) {
    const why =
      old === undefined || old.deletedAt !== undefined
        ? 'the old license was deleted meanwhile'
        : 'the old license has a later term meanwhile';
    const letIn = transition(replacement, { event: 'let-in', folderId: replacement.folderId, today }, change);
    return {
      licenses: changed(replacement, letIn),
      row: { ...row, ...touchedNew(replacement), outcome: 'skipped', why },
    };
  }
  // Who has a license that no login can be given would lose it for good, so it is assigned in either mode.
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

/** A new license that replaces none is free in the folder it was imported to. */
function leftOver(row: RenewalRow, { new: offered }: RowLicenses, facts: RowFacts): RowChange {
  if (!isHeldBackFor(offered, facts)) return skipped(row, 'the new license is not held back any more');
  const { today, change } = facts;
  const letIn = transition(offered, { event: 'let-in', folderId: offered.folderId, today }, change);
  return { licenses: changed(offered, letIn), row: { ...row, ...touchedNew(offered) } };
}

/** Its user works on it to the last day; what has expired already is set aside. */
function withoutReplacement(row: RenewalRow, { old }: RowLicenses, { today, change }: RowFacts): RowChange {
  if (old === undefined || lifecycleState(old) === 'deleted') return skipped(row, 'it was deleted meanwhile');
  if (termPhase(old, today) !== 'expired') return { licenses: [], row };
  const retired = transition(old, { event: 'retire', today }, change);
  return {
    licenses: changed(old, retired),
    row: { ...row, oldTouched: touched(old), outcome: 'set-aside', oldLicense: 'set-aside' },
  };
}

/**
 * The cleanup of one row (R39): an old license that was set aside before today, and is neither assigned nor in use, is
 * deleted; one still in use is tried again the next day; one that was moved out of zOld is left alone.
 */
export function cleanUpRow(row: RenewalRow, old: License | undefined, { today, change }: RowFacts): RowChange {
  if (isOver(row) || !isLeftInZOld(row)) return { licenses: [], row };
  if (old === undefined || lifecycleState(old) === 'deleted') {
    return { licenses: [], row: next({ ...row, oldLicense: 'deleted', deletedAt: old?.deletedAt ?? change.at }) };
  }
  if (old.folderId !== Z_OLD) {
    const { oldLicense: _, ...rest } = row;
    return { licenses: [], row: next({ ...rest, why: 'the old license was moved out of zOld' }) };
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
 * The undo of one row (R41): both licenses back to where they were before the renewal, if they are exactly as it left
 * them; the new one is held back again, or free again where it had been free. What somebody changed since stays as they
 * left it, and the row says who. Once only: no step goes through the row after it.
 */
export function undoRow(row: RenewalRow, licenses: RowLicenses, facts: RowFacts): RowChange {
  if (isOver(row)) return { licenses: [], row };
  const over = next({ ...row, undoneAt: facts.change.at });
  if (row.oldLicense === 'deleted') return skipped(over, 'the old license was deleted already');
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
    row: {
      ...rest,
      outcome: listed !== undefined && old.length === 0 ? 'skipped' : 'undone',
      ...replacement.newLicense,
      ...(listed === undefined ? {} : { why: listed }),
    },
  };
}

/** What somebody changed before the renewal came to the license, or though it never did: kept, and listed. */
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
    // A plan of an earlier release does not say since when a license stands in zOld.
    back.setAsideOn === (planned.setAsideOn ?? back.setAsideOn);
  if (isHeldAsPlanned) {
    if (sameTerm(back, termTo(planned.validFrom, planned.expiresOn))) return undefined;
    if (back.imported.importId === importId && isConfirmed(row, back)) {
      return `license ${planned.serialNumber} keeps its term: a file issued later, ${back.imported.issued}, says it as well`;
    }
  }
  if (oldTouched !== undefined) return `license ${planned.serialNumber} was changed between the plan and the switch`;
  return changedBy(planned.serialNumber, found);
}

function backOld(row: RenewalRow, old: License | undefined, facts: RowFacts): RowChange['licenses'] {
  if (old === undefined) return [];
  const back = termBack(row, placeBack(row, old, facts), facts);
  return back === old ? [] : [{ before: old, after: back }];
}

/** Where it stood and whose it was when the switch came to it. */
function placeBack({ oldTouched }: RenewalRow, old: License, { today, change, removedUser }: RowFacts): License {
  if (oldTouched === undefined) return old;
  const { folderId, assignedTo, releasing } = oldTouched.before;
  const event: LifecycleEvent = {
    ...{ event: 'reinstate', folderId, today },
    ...(assignedTo === undefined || assignedTo === removedUser ? {} : { user: assignedTo }),
    ...(releasing === undefined ? {} : { releasing }),
  };
  return accepted(old, transition(old, event, change));
}

/** The term before the renewal's file, for as long as no other file has changed or confirmed it since. */
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

/** Whether a file that was issued later than the renewal's says the same term (R3): only the license's mark shows it. */
function isConfirmed({ issued }: RenewalRow, license: License): boolean {
  return issued !== undefined && license.imported.issued > issued;
}

/** Who came after the renewal, as a text for people; undefined: nobody did. */
function whoChanged(
  serialNumber: string | undefined,
  license: License | undefined,
  left: Touched | undefined,
): string | undefined {
  if (left === undefined || license?.version === left.version) return undefined;
  return changedBy(serialNumber, license);
}

function changedBy(serialNumber: string | undefined, license: License | undefined): string {
  if (license === undefined) return `license ${serialNumber} is gone`;
  const { actor, cause, at } = license.change;
  return `license ${serialNumber} was changed since, at ${at} by ${actor} (${cause})`;
}

/** Whether the row's old license waits for deletion. */
export function isLeftInZOld({ oldLicense }: Pick<RenewalRow, 'oldLicense'>): boolean {
  return oldLicense === 'set-aside' || oldLicense === 'still-in-use';
}

/** Whether an undo has been through the row: nothing happens to it any more. */
export function isOver({ undoneAt }: Pick<RenewalRow, 'undoneAt'>): boolean {
  return undoneAt !== undefined;
}

function isHeldBackFor(license: License | undefined, { renewalId }: RowFacts): license is License {
  return license !== undefined && lifecycleState(license) === 'held-back' && license.heldBackFor === renewalId;
}

/** An old license that lasts longer than this has been extended meanwhile. */
function lastDayPlanned(row: RenewalRow, { expiringOnOrBefore }: RowFacts): Day {
  return expiringOnOrBefore ?? row.old?.expiresOn ?? '';
}

/** One change takes a license one version on. */
function touched({ folderId, assignedTo, releasing, version }: License): Touched {
  return {
    version: version + 1,
    before: {
      folderId,
      ...(assignedTo === undefined ? {} : { assignedTo }),
      ...(releasing === undefined ? {} : { releasing }),
    },
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

/** The states were looked at before, so that a refusal here is a fault of ours. */
function accepted(before: License, answer: ReturnType<typeof transition>): License {
  if ('refused' in answer) throw new Error(`license ${before.serialNumber}: ${answer.refused}`);
  return answer.license;
}
