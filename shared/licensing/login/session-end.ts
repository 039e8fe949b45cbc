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
 * before" speaks of the time that the provider tells, not of the order of arrival.
 *
 * | the session is | login | activity | logout, disconnect | idle time is over |
 * |---|---|---|---|---|
 * | open | goes on | goes on, whatever its time | ended by it, if it began before | ended by idleness |
 * | ended by a logout or disconnect | opens; `session-ended` at or before the end | `session-ended` for 30 days, whatever its time; then as a login | stays so | – |
 * | ended by idleness | opens | as a login | ended by it | – |
 * | unknown | opens | as a login | stays unknown; a login or activity at or before is `session-ended`, and has ended by it | – |
 *
 * A logout or disconnect of the user as a whole is one of each session that began before it. The session of the user as a
 * whole ends with the last named one, and stays ended with it also where nobody had opened it.
 *
 * A logout (not a disconnect) of an unknown session also ends the session of the user as a whole while only that one is
 * open, by which it becomes unknown again. The id of a named session may come with another user: then the former user's
 * ends, and is unknown to them; a logout or disconnect of the one who has it then ends it for the former user, too.
 */

/** Whose a named session is, where a hook told of it; as an item beside the cards keeps it. */
export type SessionOwner = {
  readonly user?: string;
  /** When the owner's session began. */
  readonly started?: Instant;
  /** Of a session without an owner: when it ended, for whoever comes late. */
  readonly endedAt?: Instant;
};

/** What is kept of the user's named session beside the card. */
export type KeptSession = {
  readonly owner?: SessionOwner | undefined;
  /** When a logout or a disconnect ended it. */
  readonly endedAt?: Instant | undefined;
  /** When a logout or a disconnect ended it as the session of another user, who was the last to have it. */
  readonly othersEndedAt?: Instant | undefined;
  /** When its id came with another user, as whose it went on. */
  readonly passedOnAt?: Instant;
};

type Told = {
  readonly session?: string;
  readonly kind: LoginKind;
  readonly at: Instant;
};

/**
 * Whether a login or an activity of a session that is not open comes too late for it. The table deletes when it likes, so
 * the time is compared.
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
 * The end of a named session of which we hear only after it, by a login or an activity at or before it; undefined where the
 * session is open, or was opened since.
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

/** Whether the card alone does not tell if the named session of a login or activity has ended. */
export function mayHaveEnded(card: Pick<UserCard, 'ended'> & Partial<UserCard>, { session, kind }: Told): boolean {
  const key = sessionKey(session);
  if (session === undefined || card.sessions?.[key] !== undefined) return false;
  return kind === 'activity' || card.ended[key] !== undefined;
}

/** `passed-on`: the id of the session came with another user, as whose it goes on. */
export type EndCause = 'logout' | 'disconnect' | 'passed-on';

export type Ending = {
  /** Keys of the open sessions that end. */
  readonly sessions: readonly string[];
  /** Keys of the marks that are left, with the time of the end. */
  readonly marks: readonly string[];
  /** Whether the session that is named stays ended, where it is known. */
  readonly staysEnded: boolean;
};

/**
 * What ends with a session of a user, or with all of them, at `at`; see the table above. That a mark stands of a session
 * does not make it known: the logout of one that nobody knew leaves one as well.
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
  // One that we hear of after the idle time says nothing of the user as a whole: nobody knows what was in between.
  const isTooOld = sessions.length === 0 && at < idleSince;
  const staysEnded = cause !== 'passed-on';
  const lasting = staysEnded && !isTooOld ? lastingMarksOf(open, session, sessions) : [];
  return { sessions, marks: [...marks, ...lasting], staysEnded };
}
