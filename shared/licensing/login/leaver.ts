import type { Instant } from '../time.ts';
import type { LeaverNote } from '../vocabulary.ts';
import type { UserCard } from './user-card.ts';

/** What the identity provider reported about a user who may no longer log in: disabled for now, or gone for good. */
export type Leaver = {
  readonly note: LeaverNote;
  readonly at: Instant;
  /** The provider that reported it. */
  readonly source: string;
};

/**
 * Returns the card with the provider's report, whatever the order in which reports arrive. A report from before the
 * user's last login changes nothing. `left` outweighs `disabled`. Of two equal reports the later one stays.
 */
export function notedLeaver(card: UserCard, told: Leaver): UserCard {
  const { loggedInAt, leaver } = card;
  if (loggedInAt !== undefined && loggedInAt > told.at) return card;
  if (leaver === undefined) return { ...card, leaver: told };
  const outweighs = leaver.note === told.note ? told.at > leaver.at : told.note === 'left';
  return outweighs ? { ...card, leaver: told } : card;
}

/**
 * Returns the card of a user who logs in at `at`. It drops an older report that the user has left: the user is back.
 */
export function withoutLeaver(card: UserCard, at: Instant): UserCard {
  const { leaver, ...back } = card;
  return leaver !== undefined && leaver.at < at ? back : card;
}
