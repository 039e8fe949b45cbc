import { Z_OLD } from './folder-tree.ts';
import { type Change, type License, lifecycleState } from './license.ts';
import { transition } from './lifecycle.ts';
import type { PlannedRow } from './renewal-plan.ts';
import { lastDay, termPhase } from './term.ts';
import type { Day } from './time.ts';

/** One row of a renewal: what was planned, and what came of it. */
export type RenewalRow = Omit<PlannedRow, 'outcome'> & {
  readonly outcome: PlannedRow['outcome'] | 'set-aside' | 'undone' | 'skipped';
  /** Whether the switch has been through it. */
  readonly switched: boolean;
  /** What became of the old license since it was set aside. */
  readonly oldLicense?: 'set-aside' | 'still-in-use' | 'deleted';
  readonly why?: string;
};

/** Changes of licenses, each from what was read, and the row that tells of them: to be written together or not at all. */
export type RowChange = {
  readonly licenses: readonly { readonly before: License; readonly after: License }[];
  readonly row: RenewalRow;
};

export type RowLicenses = { readonly old?: License | undefined; readonly new?: License | undefined };

/**
 * The switch of one row (R37): the old license is released and set aside, the new one let in to its folder and user, as
 * both are now; whoever works on the old one goes on until their sessions end. What the plan no longer fits is skipped
 * and says why.
 */
export function switchRow(
  row: RenewalRow,
  licenses: RowLicenses,
  expiringOnOrBefore: Day,
  today: Day,
  change: Change,
): RowChange {
  const done: RenewalRow = { ...row, switched: true };
  switch (row.outcome) {
    case 'replaced':
      return replaced(done, licenses, expiringOnOrBefore, today, change);
    case 'left-over':
      return leftOver(done, licenses, today, change);
    case 'shortfall':
      return withoutReplacement(done, licenses, today, change);
    case 'extended':
    case 'set-aside':
    case 'undone':
    case 'skipped':
      return { licenses: [], row: done };
  }
}

function replaced(
  row: RenewalRow,
  { old, new: replacement }: RowLicenses,
  expiringOnOrBefore: Day,
  today: Day,
  change: Change,
): RowChange {
  if (replacement === undefined || lifecycleState(replacement) !== 'held-back') {
    return skipped(row, 'the new license is not held back any more');
  }
  const isGone = old === undefined || lifecycleState(old) === 'deleted';
  if (isGone || lastDay(old) > expiringOnOrBefore) {
    const letIn = transition(replacement, { event: 'let-in', folderId: replacement.folderId, today }, change);
    const why = isGone ? 'the old license was deleted meanwhile' : 'the old license has a later term meanwhile';
    return { licenses: changed(replacement, letIn), row: { ...row, outcome: 'skipped', why } };
  }
  const retired = transition(old, { event: 'retire', today }, change);
  const letIn = transition(
    replacement,
    {
      event: 'let-in',
      folderId: old.folderId === Z_OLD ? row.folderId : old.folderId,
      ...(old.assignedTo === undefined ? {} : { user: old.assignedTo }),
      today,
    },
    change,
  );
  return {
    licenses: [...changed(old, retired), ...changed(replacement, letIn)],
    row: { ...row, oldLicense: 'set-aside' },
  };
}

/** A new license that replaces none is free in the folder it was imported to. */
function leftOver(row: RenewalRow, { new: offered }: RowLicenses, today: Day, change: Change): RowChange {
  if (offered === undefined || lifecycleState(offered) !== 'held-back') {
    return skipped(row, 'the new license is not held back any more');
  }
  const letIn = transition(offered, { event: 'let-in', folderId: offered.folderId, today }, change);
  return { licenses: changed(offered, letIn), row };
}

/** Its user works on it to the last day; what has expired already is set aside. */
function withoutReplacement(row: RenewalRow, { old }: RowLicenses, today: Day, change: Change): RowChange {
  if (old === undefined || lifecycleState(old) === 'deleted') return skipped(row, 'it was deleted meanwhile');
  if (termPhase(old, today) !== 'expired') return { licenses: [], row };
  const retired = transition(old, { event: 'retire', today }, change);
  return { licenses: changed(old, retired), row: { ...row, outcome: 'set-aside', oldLicense: 'set-aside' } };
}

/**
 * The cleanup of one row (R39): an old license that was set aside before today, and is neither assigned nor in use, is
 * deleted; one still in use is tried again the next day; one that was moved out of zOld is left alone.
 */
export function cleanUpRow(row: RenewalRow, old: License | undefined, today: Day, change: Change): RowChange {
  if (!isLeftInZOld(row)) return { licenses: [], row };
  if (old === undefined || lifecycleState(old) === 'deleted') {
    return { licenses: [], row: { ...row, oldLicense: 'deleted' } };
  }
  if (old.folderId !== Z_OLD) {
    const { oldLicense: _, ...rest } = row;
    return { licenses: [], row: { ...rest, why: 'the old license was moved out of zOld' } };
  }
  if (lifecycleState(old) !== 'set-aside') return { licenses: [], row: { ...row, oldLicense: 'still-in-use' } };
  if (old.setAsideOn === undefined || old.setAsideOn >= today) return { licenses: [], row };
  const deleted = transition(old, { event: 'delete', today, at: change.at }, change);
  return { licenses: changed(old, deleted), row: { ...row, oldLicense: 'deleted' } };
}

/** Whether the row's old license waits for deletion. */
export function isLeftInZOld({ oldLicense }: RenewalRow): boolean {
  return oldLicense === 'set-aside' || oldLicense === 'still-in-use';
}

function skipped(row: RenewalRow, why: string): RowChange {
  return { licenses: [], row: { ...row, outcome: 'skipped', why } };
}

/** The states were looked at before, so that a refusal here is a fault of ours. */
function changed(before: License, answer: ReturnType<typeof transition>): RowChange['licenses'] {
  if ('refused' in answer) throw new Error(`license ${before.serialNumber}: ${answer.refused}`);
  return [{ before, after: answer.license }];
}
