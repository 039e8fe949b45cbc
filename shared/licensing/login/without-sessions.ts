import { defined } from '../defined.ts';
import { entryOf } from '../entries.ts';
import { Z_OLD } from '../folder-tree.ts';
import { isAllocatable } from '../license/license.ts';
import type { Instant } from '../time.ts';
import type { Vacancy } from './choose-vacancy.ts';
import { idleSessions, type UserCard, withLastSeen, without } from './user-card.ts';

/** Returns the card as it is after the end of the sessions that are idle at an instant (R25, R26). */
export function withoutIdleSessions(card: UserCard, idleTimeout: number, at: Instant): UserCard {
  const idle = idleSessions(card.sessions, idleTimeout, at);
  if (idle.length === 0) return card;
  const { current, ...rest } = card;
  const sessions = without(card.sessions, idle);
  const isOver = current === undefined || Object.keys(sessions).length === 0;
  return withLastSeen(card, isOver ? { ...rest, sessions } : { ...rest, sessions, current });
}

/**
 * Returns the license on which the card's sessions run, if it is nobody's once they no longer run on it (R25). In zOld
 * it waits for its deletion.
 */
export function licenseLetGo({ current, assigned }: Pick<UserCard, 'current' | 'assigned'>): UserCard['current'] {
  const isOwn = current !== undefined && entryOf(assigned, current.serialNumber) !== undefined;
  return isOwn || current?.folderId === Z_OLD ? undefined : current;
}

/** Returns the license as its folder would list it. Returns undefined if auto-allocation never takes it. */
export function vacancyOfNote(note: NonNullable<UserCard['current']>): Vacancy | undefined {
  if (!isAllocatable(note)) return undefined;
  const { serialNumber, type, access, folderId, validFrom, expiresOn } = note;
  return defined({ serialNumber, type, access, folderId, validFrom, expiresOn });
}
