import { sameValue } from '../clause.ts';
import type { Day, Instant } from '../time.ts';
import { CHANGING_MEMBERS, type License } from './license.ts';
import { type LifecycleEvent, transition } from './lifecycle.ts';

/** Members of which only the presence is compared: the time of an undo is not the time of the change. */
const TIMES: readonly string[] = ['setAsideOn', 'deletedAt'];

/** The events by which an administrator changes a license. */
type AdministratorsEvent = Extract<
  LifecycleEvent,
  { readonly event: 'assign' | 'release' | 'move' | 'delete' | 'restore' }
>;

type Now = { readonly today: Day; readonly at: Instant };

/**
 * Returns the event that makes a changed license what it was before. Returns undefined if nothing has changed, or if no
 * single event restores everything: a license that was deleted from zOld, for example, is restored into the root.
 */
export function undoingEvent(before: License, after: License, now: Now): AdministratorsEvent | undefined {
  const event = candidate(before, after, now);
  const undone = event && transition(after, event, after.change);
  return undone === undefined || 'refused' in undone || !sameFacts(before, undone.license) ? undefined : event;
}

function candidate(before: License, after: License, { today, at }: Now): AdministratorsEvent | undefined {
  const { deletedAt, assignedTo: user, folderId } = before;
  if (deletedAt !== undefined && after.deletedAt === undefined) return { event: 'delete', today, at };
  if (deletedAt === undefined && after.deletedAt !== undefined) return { event: 'restore' };
  if (user !== after.assignedTo) return user === undefined ? { event: 'release' } : { event: 'assign', user, today };
  return folderId === after.folderId ? undefined : { event: 'move', folderId, today };
}

function sameFacts(one: License, other: License): boolean {
  return CHANGING_MEMBERS.every((member) =>
    TIMES.includes(member)
      ? (one[member] === undefined) === (other[member] === undefined)
      : sameValue(one[member], other[member]),
  );
}
