import type { Change, LicenseClass } from '../license/license.ts';
import { ALL_MODULES } from '../license/license.ts';
import { lastDay, type Term, termPhase } from '../term.ts';
import { DAY, type Day, type Instant, instantOf, later, plus } from '../time.ts';
import type { Access, Level } from '../vocabulary.ts';
import type { Leaver } from './leaver.ts';
import type { BlockedBy, Receipt } from './receipt.ts';

/** What a card notes of a license: enough to judge a login, and to describe the license, without reading it. */
export type LicenseSnapshot = LicenseClass & Term & { readonly folderId: string };

/** Where the last event of a session came from. */
export type SessionOrigin = {
  /** The identity provider that reported it. Absent for a direct call of `login`. */
  readonly provider?: string;
  /** The provider's id of the application that the user signed in to. Absent when the provider does not name it. */
  readonly application?: string;
};

export type Session = SessionOrigin & { readonly started: Instant; readonly lastSeen: Instant };

/**
 * A user known to the tenant, with their sessions and the license they run on. Sessions are stored on the card, so that
 * a login or a logout is one transaction. `sessionKey` makes the keys of `sessions` and `ended`.
 */
export type UserCard = {
  readonly tenant: string;
  readonly user: string;
  readonly name?: string;
  readonly folderId: string;
  readonly access: Access;
  readonly level: Level;
  /**
   * Set if a claim made the level `no-access`: then a claim may lift it. Absent if an administrator did: then no claim
   * may.
   */
  readonly noAccessBy?: 'claim';
  /** The provider's report that the user is disabled or has left. A later login removes it. */
  readonly leaver?: Leaver;
  /** When the user last logged in, as the provider reports and whatever the outcome. An older login changes no card. */
  readonly loggedInAt?: Instant;
  /** When a session that has ended was last seen. Read it with `lastSeenAt`. */
  readonly lastSeen?: Instant;
  /** The license on which the sessions run. It is present exactly while there are sessions. */
  readonly current?: LicenseSnapshot & { readonly serialNumber: string; readonly releasing?: true };
  readonly sessions: Readonly<Record<string, Session>>;
  /**
   * When recently ended sessions ended (24 h), so that a late login of one takes no license (R24, `session-end.ts`).
   */
  readonly ended: Readonly<Record<string, Instant>>;
  /** The dedicated licenses assigned to the user, by serial number. */
  readonly assigned: Readonly<Record<string, LicenseSnapshot>>;
  /** Other ids of the same person. Logins and logouts by them are those of this card. */
  readonly linkedIds?: readonly string[];
  readonly lastReceipt?: Receipt;
  /**
   * Grows with every change that the judgment of a login depends on: folder, access, level, the provider's report,
   * current license, assigned licenses. It does not grow with sessions, so that many logins of one user do not hinder
   * each other.
   */
  readonly revision: number;
  readonly change: Change;
};

/**
 * What is stored of an id without a card of its own: the marks of ended sessions, because the logout came before any
 * login, or the user to whose card the id is linked.
 */
export type EndedMarks = Pick<UserCard, 'tenant' | 'user' | 'ended'> & {
  readonly linkedTo?: string;
  /** The card that a linked id had, so that the link can be undone. */
  readonly was?: FormerCard;
};

/** The card that an id had before it was linked to another, with the licenses that moved. */
export type FormerCard = Pick<UserCard, 'name' | 'folderId' | 'access' | 'level' | 'noAccessBy'> & {
  readonly licenses?: readonly string[];
};

/** The session of the user as a whole, for providers that report no session id. */
const WHOLE_USER = '*';

/** Mark of a logout of the user as a whole. It ends every session, named or not. */
const EVERY_SESSION = 'every';

/**
 * Mark of a logout that ended the session of the user as a whole. Kept for 30 days, or until a login opens that session
 * again.
 */
const WHOLE_USER_STAYS_ENDED = 'whole user';

/**
 * Mark of a logout of the user as a whole, kept for 30 days. Sessions that had ended by idleness before stay ended as
 * well.
 */
const EVERY_SESSION_STAYS_ENDED = 'every session';

/** The marks that are kept for 30 days. */
const LASTING: readonly string[] = [WHOLE_USER_STAYS_ENDED, EVERY_SESSION_STAYS_ENDED];

const MAX_SESSIONS = 20;
const MAX_ENDED = 100;

/** How long ended sessions are remembered at least, in milliseconds. */
const ENDED_KEPT = DAY;

/**
 * How long an activity of a session that a logout or a disconnect has ended is refused, whatever its time, in
 * milliseconds (R24).
 */
export const STAYS_ENDED = 30 * DAY;

/** Returns the key of a session in a card's maps. */
export function sessionKey(session: string | undefined): string {
  return session === undefined ? WHOLE_USER : `s:${session}`;
}

/** Returns the session id of a key, or undefined for the user as a whole. */
export function sessionOf(key: string): string | undefined {
  return key === WHOLE_USER ? undefined : key.slice(2);
}

/** Returns the ids of the named sessions among keys of a card's maps. */
export function namedSessions(keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => (key.startsWith('s:') ? [key.slice(2)] : []));
}

/** Returns the access that the user's license must have (R16). */
export function neededAccess(card: Pick<UserCard, 'access' | 'level'>): Access {
  return card.level === 'readonly' ? 'read' : card.access;
}

/** Returns when the session, or every session of the user, last ended; undefined when no mark says so. */
export function endedAt(ended: UserCard['ended'], session: string | undefined): Instant | undefined {
  const marks = marksThatEnd(session).flatMap((key) => ended[key] ?? []);
  return marks.toSorted().at(-1);
}

/** Returns the keys of the marks that can end a session. */
export function marksThatEnd(session: string | undefined): readonly string[] {
  const lasting = session === undefined ? WHOLE_USER_STAYS_ENDED : EVERY_SESSION_STAYS_ENDED;
  return [sessionKey(session), EVERY_SESSION, lasting];
}

/** Returns when a logout ended the session of the user as a whole, if no login has opened it since. */
export function stayedEndedAt(ended: UserCard['ended']): Instant | undefined {
  return ended[WHOLE_USER_STAYS_ENDED];
}

/**
 * Returns when a logout of the user as a whole ended all sessions, including those that had ended by idleness before.
 */
export function everyStayedEndedAt(ended: UserCard['ended']): Instant | undefined {
  return ended[EVERY_SESSION_STAYS_ENDED];
}

/**
 * Returns the keys of the marks that a logout leaves: of the named session, or of every session if none is named, and
 * of the other sessions that it ended.
 */
export function marksOf(session: string | undefined, endedKeys: readonly string[]): readonly string[] {
  return [...new Set([session === undefined ? EVERY_SESSION : sessionKey(session), ...endedKeys])];
}

/** Returns the marks with those of one more end. */
export function withMarks(ended: UserCard['ended'], keys: readonly string[], at: Instant): UserCard['ended'] {
  return { ...ended, ...Object.fromEntries(keys.map((key) => [key, later(ended[key] ?? at, at)])) };
}

/**
 * Returns the keys of the lasting marks that an end leaves. The session of the user as a whole stays ended if it ends
 * itself, if it is not open when the user's last open session ends, or if it is not open at a logout of the user as a
 * whole. After a logout of the user as a whole, every session stays ended.
 */
export function lastingMarksOf(
  sessions: UserCard['sessions'],
  session: string | undefined,
  endedKeys: readonly string[],
): readonly string[] {
  const nothingIsLeft = endedKeys.length > 0 && Object.keys(sessions).every((key) => endedKeys.includes(key));
  const isOver = nothingIsLeft || endedKeys.includes(WHOLE_USER) || (session === undefined && !sessions[WHOLE_USER]);
  return [...(isOver ? [WHOLE_USER_STAYS_ENDED] : []), ...(session === undefined ? [EVERY_SESSION_STAYS_ENDED] : [])];
}

/** Returns the marks of a card on which the session is open. */
export function marksWhileOpen(ended: UserCard['ended'], key: string): UserCard['ended'] {
  return key === WHOLE_USER ? without(ended, [WHOLE_USER_STAYS_ENDED]) : ended;
}

/** Returns the session after a login or activity at `at`: a new one, or the known one seen again. */
export function seenSession(known: Session | undefined, at: Instant, origin: SessionOrigin = {}): Session {
  if (known === undefined) return { started: at, lastSeen: at, ...origin };
  return at < known.lastSeen ? known : { ...known, ...origin, lastSeen: at };
}

/** Returns when the user was last seen: at a login, or in a session that is open or has ended. Undefined if never. */
export function lastSeenAt({ loggedInAt, lastSeen, sessions }: UserCard): Instant | undefined {
  const seen = [loggedInAt, lastSeen, ...Object.values(sessions).map((session) => session.lastSeen)];
  return seen.reduce(
    (one, other) => (one === undefined || (other !== undefined && other > one) ? other : one),
    undefined,
  );
}

/** Returns when the card was made. Its revision begins with the time, and grows by one with each change. */
export function createdAt({ revision }: UserCard): Instant {
  return instantOf(revision);
}

/** Returns the card with a note of when the sessions that it has no more were last seen. */
export function withLastSeen(before: UserCard, after: UserCard): UserCard {
  const ended = Object.entries(before.sessions).flatMap(([key, { lastSeen }]) => (after.sessions[key] ? [] : lastSeen));
  const [last] = [...ended, ...(after.lastSeen === undefined ? [] : [after.lastSeen])].toSorted().reverse();
  return last === undefined ? after : { ...after, lastSeen: last };
}

/**
 * Returns the keys of the open sessions that make room for `key`, so that at most 20 stay: those not seen for the
 * longest time.
 */
export function crowdedOut(sessions: UserCard['sessions'], key: string): readonly string[] {
  return Object.entries(sessions)
    .filter(([other]) => other !== key)
    .toSorted(([, one], [, other]) => (one.lastSeen < other.lastSeen ? 1 : -1))
    .slice(MAX_SESSIONS - 1)
    .map(([other]) => other);
}

/**
 * Returns the keys of the sessions that a logout at `at` ends: the named one, or all of the user's. Sessions that
 * started later go on. The session of the user as a whole ends together with the last named one (R24).
 */
export function sessionsEndedBy(
  sessions: UserCard['sessions'],
  session: string | undefined,
  at: Instant,
): readonly string[] {
  const candidates = session === undefined ? Object.keys(sessions) : [sessionKey(session)];
  const ended = candidates.filter((key) => {
    const open = sessions[key];
    return open !== undefined && open.started <= at;
  });
  const whole = sessions[WHOLE_USER];
  return whole !== undefined && whole.started > at ? ended : withWholeUser(sessions, ended);
}

/**
 * Returns the keys of the sessions that the logout of an unknown session at `at` ends: the session of the user as a
 * whole, if it is the only open one and began before (R24).
 */
export function endedByUnknown(sessions: UserCard['sessions'], at: Instant): readonly string[] {
  const whole = sessions[WHOLE_USER];
  return whole !== undefined && whole.started <= at && Object.keys(sessions).length === 1 ? [WHOLE_USER] : [];
}

/** Returns the ended keys, and adds the user as a whole if the last named session is among them. */
function withWholeUser(sessions: UserCard['sessions'], ended: readonly string[]): readonly string[] {
  const namedOneEnds = ended.some((key) => key !== WHOLE_USER);
  const left = Object.keys(sessions).filter((key) => !ended.includes(key));
  return namedOneEnds && left.length === 1 && left[0] === WHOLE_USER ? [...ended, WHOLE_USER] : ended;
}

/**
 * Returns the keys of the sessions not seen for the tenant's idle time, and of what ends with the last named one (R24).
 */
export function idleSessions(sessions: UserCard['sessions'], idleTimeout: number, now: Instant): readonly string[] {
  const cutOff = plus(now, -idleTimeout);
  const idle = Object.entries(sessions).flatMap(([key, session]) => (session.lastSeen <= cutOff ? [key] : []));
  return withWholeUser(sessions, idle);
}

/** Returns when the first of the sessions becomes idle, or undefined when none is open. */
export function idleDeadline(sessions: UserCard['sessions'], idleTimeout: number): Instant | undefined {
  const [first] = firstIdle(sessions).flatMap((key) => sessions[key] ?? []);
  return first === undefined ? undefined : plus(first.lastSeen, idleTimeout);
}

/** Returns the key of the open session that was seen least recently, or an empty list when no session is open. */
export function firstIdle(sessions: UserCard['sessions']): readonly string[] {
  const bySeen = Object.entries(sessions).toSorted(([, one], [, other]) => (one.lastSeen < other.lastSeen ? -1 : 1));
  return bySeen.slice(0, 1).map(([key]) => key);
}

/**
 * Returns the marks that are still needed: those within which a late login would not be too old anyway, and at least
 * those of the last day. If there are more than a hundred, one mark for every session replaces the older ones. It may
 * refuse a login too many, but only one at or before the latest end that it replaces.
 */
export function neededMarks(ended: UserCard['ended'], idleTimeout: number, now: Instant): UserCard['ended'] {
  const since = plus(now, -Math.max(ENDED_KEPT, idleTimeout));
  const marks = Object.entries(ended);
  const stays = marks.filter(([key, at]) => LASTING.includes(key) && now < plus(at, STAYS_ENDED));
  const recent = marks
    .filter(([key, at]) => at > since && !LASTING.includes(key))
    .toSorted(([, one], [, other]) => (one < other ? 1 : -1));
  const kept = Object.fromEntries([...stays, ...recent.slice(0, MAX_ENDED)]);
  const [latestLeftOut] = recent.slice(MAX_ENDED);
  return latestLeftOut === undefined ? kept : { [EVERY_SESSION]: latestLeftOut[1], ...kept };
}

/** Returns the map without some of its keys. */
export function without<Entry>(
  map: Readonly<Record<string, Entry>>,
  keys: readonly string[],
): Readonly<Record<string, Entry>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/**
 * Returns the serial number of the valid dedicated license to use, among the all-modules or the module-specific ones.
 * Of several it is the one that expires last.
 */
export function usableAssigned(
  assigned: UserCard['assigned'],
  modules: 'all-modules' | 'module-specific',
  today: Day,
): string | undefined {
  return Object.entries(assigned)
    .filter(([, license]) => (license.modules === ALL_MODULES) === (modules === 'all-modules'))
    .filter(([, license]) => termPhase(license, today) === 'valid')
    .toSorted(([serial, one], [otherSerial, other]) => {
      if (lastDay(one) !== lastDay(other)) return lastDay(one) < lastDay(other) ? 1 : -1;
      return serial < otherSerial ? -1 : 1;
    })[0]?.[0];
}

/**
 * Returns the expired, assigned, dedicated all-modules license that blocks auto-allocation until it is released (R14).
 * Of several it is the one that ended last. A license whose term has not begun does not block.
 */
export function blockingLicense(assigned: UserCard['assigned'], today: Day): BlockedBy | undefined {
  const [last] = Object.entries(assigned)
    .flatMap(([serialNumber, { modules, expiresOn }]) =>
      modules === ALL_MODULES && expiresOn !== undefined && expiresOn < today ? [{ serialNumber, expiresOn }] : [],
    )
    .toSorted((one, other) => {
      if (one.expiresOn !== other.expiresOn) return one.expiresOn < other.expiresOn ? 1 : -1;
      return one.serialNumber < other.serialNumber ? -1 : 1;
    });
  return last;
}
