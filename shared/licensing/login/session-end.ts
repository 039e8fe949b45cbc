import { type Instant, plus } from '../time.ts';
import type { LoginKind } from '../vocabulary.ts';
import {
  endedAt,
  endedByUnknown,
  everyStayedEndedAt,
  lastingMarksOf,
  marksOf,
  STAYS_ENDED,
  sessionKey,
  sessionsEndedBy,
  stayedEndedAt,
  type UserCard,
} from './user-card.ts';

/*
 * The states of one session, named or of the user as a whole, and what leads from one to the other (R24, R26). "At or
 * before" compares the times that the provider reports, not the order of arrival.
 *
 * | the session is | login | activity | logout, disconnect | idle time is over |
 * |---|---|---|---|---|
 * | open | goes on | goes on, whatever its time | ended by it, if it began before | ended by idleness |
 * | ended by a logout or disconnect | opens; `session-ended` at or before the end | `session-ended` for 30 days, whatever its time; then as a login | stays ended | – |
 * | ended by idleness | opens | as a login | ended by it | – |
 * | unknown | opens | as a login | stays unknown; a login or activity at or before it is `session-ended`, and counts as ended by it | – |
 *
 * A logout or disconnect of the user as a whole ends each session that began before it. The session of the user as a
 * whole ends together with the last named one, and then stays ended even if it was never open.
 *
 * A logout (not a disconnect) of an unknown session also ends the session of the user as a whole, if that is the only
 * open one, which then becomes unknown again. The id of a named session may come with another user: then the former
 * user's session ends, and counts as unknown for that user. A later logout or disconnect of the new user ends it for the
 * former user as well.
 */

/** The owner of a named session, as a hook reported it. It is stored in an item beside the cards. */
export type SessionOwner = {
  readonly user?: string;
  /** When the owner's session began. */
  readonly started?: Instant;
  /** Only while the owner is unknown: when the session ended, so that a late login of it is denied. */
  readonly endedAt?: Instant;
};

/** What is kept of the user's named session, beside the card. */
export type KeptSession = {
  readonly owner?: SessionOwner | undefined;
  /** When a logout or a disconnect ended it. */
  readonly endedAt?: Instant | undefined;
  /** When a logout or a disconnect ended it as the session of another user, who was the last to have it. */
  readonly othersEndedAt?: Instant | undefined;
  /** When its id came with another user, for whom the session then went on. */
  readonly passedOnAt?: Instant;
};

type Told = {
  readonly session?: string;
  readonly kind: LoginKind;
  readonly at: Instant;
};

/**
 * Returns whether a login or an activity of a session that is not open comes after the end of that session. DynamoDB's
 * TTL is lazy, so the times are compared here.
 */
export function hasEnded(
  card: Pick<UserCard, 'user' | 'ended'>,
  { session, kind, at }: Told,
  now: Instant,
  { owner, endedAt: own, othersEndedAt, passedOnAt }: KeptSession,
): boolean {
  const ofNobody = owner?.user === undefined ? owner?.endedAt : undefined;
  const ends = [endedAt(card.ended, session), ofNobody, own, othersEndedAt, passedOnAt];
  if (ends.some((end) => end !== undefined && at <= end)) return true;
  const every = everyStayedEndedAt(card.ended);
  const beganBefore = every !== undefined && owner?.user === card.user && (owner.started ?? at) <= every;
  const ofNamed = [own, othersEndedAt, beganBefore ? every : undefined].flatMap((end) => end ?? []);
  const stays = session === undefined ? stayedEndedAt(card.ended) : ofNamed.toSorted().at(-1);
  return kind === 'activity' && stays !== undefined && now < plus(stays, STAYS_ENDED);
}

/**
 * Returns the end of a named session when a login or an activity at or before that end arrives only after it. Returns
 * undefined if the session is open, or was opened again since.
 */
export function endOfLate(
  { user, sessions, ended }: Pick<UserCard, 'user' | 'sessions' | 'ended'>,
  { session, at }: Told,
  owner: SessionOwner,
): Instant | undefined {
  const ofNobody = owner.user === undefined ? owner.endedAt : undefined;
  const end = [endedAt(ended, session), ofNobody]
    .flatMap((known) => known ?? [])
    .toSorted()
    .at(-1);
  const isReopened = owner.user === user && owner.started !== undefined && end !== undefined && owner.started > end;
  if (end === undefined || at > end || isReopened || sessions[sessionKey(session)] !== undefined) return undefined;
  return end;
}

/** Returns whether the card alone does not show if the named session of a login or activity has ended. */
export function mayHaveEnded(card: Pick<UserCard, 'ended'> & Partial<UserCard>, { session, kind }: Told): boolean {
  const key = sessionKey(session);
  if (session === undefined || card.sessions?.[key] !== undefined) return false;
  return kind === 'activity' || card.ended[key] !== undefined;
}

/** `passed-on`: the id of the session came with another user, for whom it goes on. */
export type EndCause = 'logout' | 'disconnect' | 'passed-on';

export type Ending = {
  /** Keys of the open sessions that end. */
  readonly sessions: readonly string[];
  /** Keys of the marks that stay behind, with the time of the end. */
  readonly marks: readonly string[];
  /** Whether the named session, if it is known, stays ended. */
  readonly staysEnded: boolean;
};

/**
 * Returns what ends with one session of a user, or with all of them, at `at`. See the table above. A mark of a session
 * does not show that the session was known, because the logout of an unknown session leaves one as well.
 */
export function judgeEnd(
  open: UserCard['sessions'],
  { owner = {}, endedAt: own }: KeptSession,
  { session, cause, at }: { readonly session?: string; readonly cause: EndCause; readonly at: Instant },
  idleSince: Instant,
): Ending {
  const key = sessionKey(session);
  const isKnown = open[key] !== undefined || own !== undefined || owner.user !== undefined;
  if (session !== undefined && cause === 'logout' && !isKnown) {
    return { sessions: endedByUnknown(open, at), marks: marksOf(session, []), staysEnded: false };
  }
  const sessions = sessionsEndedBy(open, session, at);
  const marks = marksOf(session, sessions);
  // An end that is older than the idle time says nothing about the user as a whole, who may have logged in since.
  const isTooOld = sessions.length === 0 && at < idleSince;
  const staysEnded = cause !== 'passed-on';
  const lasting = staysEnded && !isTooOld ? lastingMarksOf(open, session, sessions) : [];
  return { sessions, marks: [...marks, ...lasting], staysEnded };
}
