import type { Instant } from './time.ts';
import type { Leaver, UserCard } from './user-card.ts';

/**
 * The note that a card bears once a provider has told that its user was disabled or has left; undefined where it stays as
 * it is: the user has logged in since, or a later note stands there.
 */
export function notedLeaver(
  card: Pick<UserCard, 'sessions' | 'lastReceipt' | 'leaver'>,
  told: Leaver,
): Leaver | undefined {
  if (wasSeenAfter(card, told.at)) return undefined;
  return card.leaver !== undefined && card.leaver.at >= told.at ? undefined : told;
}

/** Whether the user's disabling or leaving is still so: nobody has logged in since. */
export function wasSeenAfter(
  { sessions, lastReceipt }: Pick<UserCard, 'sessions' | 'lastReceipt'>,
  at: Instant,
): boolean {
  const isLate = lastReceipt?.reason === 'session-ended' || lastReceipt?.reason === 'too-old';
  return (
    Object.values(sessions).some(({ started }) => started > at) ||
    (lastReceipt !== undefined && !isLate && lastReceipt.at > at)
  );
}
