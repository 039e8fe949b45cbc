import type { Instant } from '../time.ts';
import type { LeaverNote } from '../vocabulary.ts';
import type { UserCard } from './user-card.ts';

/** What the identity provider told of a user who may log in no more: disabled for now, or gone for good. */
export type Leaver = {
  readonly note: LeaverNote;
  readonly at: Instant;
  /** The provider that told it. */
  readonly source: string;
};

/**
 * The card with what the provider told, in whatever order it comes: nothing where the user has logged in since; `left`
 * outweighs `disabled`, and of two alike the later stands.
 */
export function notedLeaver(card: UserCard, told: Leaver): UserCard {
  const { loggedInAt, leaver } = card;
  if (loggedInAt !== undefined && loggedInAt > told.at) return card;
  if (leaver === undefined) return { ...card, leaver: told };
  const outweighs = leaver.note === told.note ? told.at > leaver.at : told.note === 'left';
  return outweighs ? { ...card, leaver: told } : card;
}

/** The card of a user who logs in at `at`: who logs in after they were said to have left is back. */
export function withoutLeaver(card: UserCard, at: Instant): UserCard {
  const { leaver, ...back } = card;
  return leaver !== undefined && leaver.at < at ? back : card;
}
