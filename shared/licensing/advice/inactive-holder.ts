import { createdAt, lastSeenAt, type UserCard } from '../login/user-card.ts';
import { termPhase } from '../term.ts';
import type { Day, Instant } from '../time.ts';

/** A user who holds dedicated licenses and does not use them. */
export type InactiveHolder = {
  readonly card: UserCard;
  /** Absent when the user was never seen. */
  readonly lastSeen: Instant | undefined;
  readonly createdAt: Instant;
  /** The licenses that the user holds and could have used. */
  readonly serialNumbers: readonly string[];
};

/**
 * Returns the holder if the user was not seen since `notSeenSince` and holds a license whose term has begun. Newcomers,
 * whose card was made later, are spared, and so are licenses that begin later. Returns undefined for everybody else.
 */
export function inactiveHolder(card: UserCard, notSeenSince: Instant, today: Day): InactiveHolder | undefined {
  const lastSeen = lastSeenAt(card);
  const created = createdAt(card);
  const isSpared = Object.keys(card.sessions).length > 0 || created > notSeenSince;
  if (isSpared || (lastSeen !== undefined && lastSeen > notSeenSince)) return undefined;
  const serialNumbers = Object.entries(card.assigned).flatMap(([serialNumber, note]) =>
    termPhase(note, today) === 'not-yet-valid' ? [] : serialNumber,
  );
  return serialNumbers.length === 0 ? undefined : { card, lastSeen, createdAt: created, serialNumbers };
}
