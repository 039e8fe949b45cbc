import type { RenewalProgress } from '../api/types.ts';

/** A phase of a renewal's run. */
export type Phase = {
  readonly id: 'hold-back' | 'switch' | 'wait' | 'delete' | 'undo';
  readonly state: 'done' | 'now' | 'next';
  /** What is done, and of how many. Absent when there is nothing to count. */
  readonly done?: number;
  readonly of?: number;
  /** When it begins, or ends if that is known. */
  readonly at?: string | undefined;
};

type Facts = Pick<
  RenewalProgress,
  'status' | 'progress' | 'counts' | 'switchAt' | 'cleanupAt' | 'finishedAt' | 'undo' | 'undoneAt'
>;

/** Returns the phases of a renewal in their order, as far as it has come. An undo is the last of them. */
export function phasesOf(renewal: Facts): readonly Phase[] {
  const { status, progress, switchAt, cleanupAt, finishedAt, undo, undoneAt } = renewal;
  const { rows, switched, inZOld, deleted, undone, skipped } = progress;
  const reached = reachedBy(renewal);
  const stateOf = (place: number): Phase['state'] => {
    if (place < reached) return 'done';
    return place === reached && status !== 'planned' && status !== 'approved' ? 'now' : 'next';
  };
  const forward: readonly Phase[] = [
    { id: 'hold-back', state: stateOf(0) },
    { id: 'switch', state: stateOf(1), done: switched, of: rows, at: switchAt },
    { id: 'wait', state: stateOf(2), at: cleanupAt },
    { id: 'delete', state: stateOf(3), done: deleted, of: deleted + inZOld, at: finishedAt ?? cleanupAt },
  ];
  if (undo === undefined) return forward;
  const isOver = undoneAt !== undefined;
  return [
    ...forward.map((phase): Phase => (phase.state === 'now' ? { ...phase, state: 'next' } : phase)),
    {
      id: 'undo',
      state: isOver ? 'done' : 'now',
      done: isOver ? rows : undone + skipped,
      of: rows,
      at: undoneAt ?? undo.at,
    },
  ];
}

/** Returns the place of the phase that a renewal is in, or has stopped in. */
function reachedBy({ status, progress, cleanupAt }: Facts): number {
  switch (status) {
    case 'planned':
    case 'approved':
      return 0;
    case 'running':
    case 'waiting-for-term':
    case 'stopped':
    case 'undoing':
    case 'undone':
      if (cleanupAt !== undefined) return progress.deleted > 0 ? 3 : 2;
      return progress.switched > 0 || status === 'waiting-for-term' ? 1 : 0;
    case 'waiting-for-cleanup':
      return progress.deleted > 0 ? 3 : 2;
    case 'finished':
      return 4;
  }
}
