import type { Change, LicenseClass } from '../license/license.ts';
import { ALL_MODULES } from '../license/license.ts';
import { lastDay, type Term, termPhase } from '../term.ts';
import { DAY, type Day, type Instant, later, plus } from '../time.ts';
import type { Access, Level } from '../vocabulary.ts';
import type { Leaver } from './leaver.ts';
import type { BlockedBy, Receipt } from './receipt.ts';

/** What a card knows of a license: enough to judge a login, and to tell of it, without reading it. */
export type LicenseSnapshot = LicenseClass & Term & { readonly folderId: string };

export type Session = { readonly started: Instant; readonly lastSeen: Instant };

/**
 * A user known to the tenant, with the sessions and the license they run on. Sessions live on the card, so that a
 * login and a logout each are one transaction. Keys of `sessions` and `ended`: `sessionKey`.
 */
export type UserCard = {
  readonly tenant: string;
  readonly user: string;
  readonly name?: string;
  readonly folderId: string;
  readonly access: Access;
  readonly level: Level;
  /** A claim made the level `no-access`, and a claim may lift it; absent: an administrator did, and no claim may. */
  readonly noAccessBy?: 'claim';
  /** What the provider told of a user who is disabled or has left; a later login takes it away. */
  readonly leaver?: Leaver;
  /** When the user last logged in, as the provider says and whatever came of it: what is older changes no card. */
  readonly loggedInAt?: Instant;
  /** The license on which the sessions run; there exactly while there are sessions. */
  readonly current?: LicenseSnapshot & { readonly serialNumber: string; readonly releasing?: true };
  readonly sessions: Readonly<Record<string, Session>>;
  /** When recently ended sessions ended (24 h): a late login of one takes no license (R24, `session-end.ts`). */
  readonly ended: Readonly<Record<string, Instant>>;
  /** The dedicated licenses assigned to the user, by serial number. */
  readonly assigned: Readonly<Record<string, LicenseSnapshot>>;
  readonly lastReceipt?: Receipt;
  /**
   * Grows with every change that a login's judgement depends on: folder, access, level, leaver's note, current license,
   * assigned licenses. Not with sessions, so that many logins of one user do not hinder each other.
   */
  readonly revision: number;
  readonly change: Change;
};

/** Of a user whose logout came before any login: no card yet, only the marks of ended sessions. */
export type EndedMarks = Pick<UserCard, 'tenant' | 'user' | 'ended'>;

/** The session that stands for the user as a whole, for providers that tell no session id. */
const WHOLE_USER = '*';

/** Mark of a logout of the user as a whole: it ends every session, named or not. */
const EVERY_SESSION = 'every';

/** Mark of a logout that ended the session of the user as a whole, kept for 30 days and until a login opens it again. */
const WHOLE_USER_STAYS_ENDED = 'whole user';

/** Mark of a logout of the user as a whole, kept for 30 days: what had ended by idleness before stays ended as well. */
const EVERY_SESSION_STAYS_ENDED = 'every session';

/** The marks that are kept for 30 days. */
const LASTING: readonly string[] = [WHOLE_USER_STAYS_ENDED, EVERY_SESSION_STAYS_ENDED];

const MAX_SESSIONS = 20;
const MAX_ENDED = 100;

/** How long ended sessions are remembered at least. */
const ENDED_KEPT = DAY;

/** How long activity of a session that a logout or a disconnect has ended is refused, whatever its time (R24). */
export const STAYS_ENDED = 30 * DAY;

/** The key of a session in a card's maps. */
export function sessionKey(session: string | undefined): string {
  return session === undefined ? WHOLE_USER : `s:${session}`;
}

/** The session id of a key, undefined for the user as a whole. */
export function sessionOf(key: string): string | undefined {
  return key === WHOLE_USER ? undefined : key.slice(2);
}

/** The ids of the named sessions among keys of a card's maps. */
export function namedSessions(keys: readonly string[]): readonly string[] {
  return keys.flatMap((key) => (key.startsWith('s:') ? [key.slice(2)] : []));
}

/** The access that the user's license must have (R16). */
export function neededAccess(card: Pick<UserCard, 'access' | 'level'>): Access {
  return card.level === 'readonly' ? 'read' : card.access;
}

/** Returns when the session, or every session of the user, last ended; undefined when no mark says so. */
export function endedAt(ended: UserCard['ended'], session: string | undefined): Instant | undefined {
  const marks = marksThatEnd(session).flatMap((key) => ended[key] ?? []);
  return marks.toSorted().at(-1);
}

/** Keys of the marks that speak of a session. */
export function marksThatEnd(session: string | undefined): readonly string[] {
  const lasting = session === undefined ? WHOLE_USER_STAYS_ENDED : EVERY_SESSION_STAYS_ENDED;
  return [sessionKey(session), EVERY_SESSION, lasting];
}

/** When a logout ended the session of the user as a whole, which no login has opened since. */
export function stayedEndedAt(ended: UserCard['ended']): Instant | undefined {
  return ended[WHOLE_USER_STAYS_ENDED];
}

/** When a logout of the user as a whole ended all of their sessions, also those that had ended by idleness. */
export function everyStayedEndedAt(ended: UserCard['ended']): Instant | undefined {
  return ended[EVERY_SESSION_STAYS_ENDED];
}

/** Keys of the marks that a logout leaves: of the session named, of all when none is, and of what else it ended. */
export function marksOf(session: string | undefined, endedKeys: readonly string[]): readonly string[] {
  return [...new Set([session === undefined ? EVERY_SESSION : sessionKey(session), ...endedKeys])];
}

/** The marks with those of one more end. */
export function withMarks(ended: UserCard['ended'], keys: readonly string[], at: Instant): UserCard['ended'] {
  return { ...ended, ...Object.fromEntries(keys.map((key) => [key, later(ended[key] ?? at, at)])) };
}

/**
 * Keys of the marks that last: the session of the user as a whole stays ended where it ends, or where it is not open and
 * nothing else of the user's is any more; and with a logout of the user as a whole every session does.
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

/** The marks of a card on which the session is open. */
export function marksWhileOpen(ended: UserCard['ended'], key: string): UserCard['ended'] {
  return key === WHOLE_USER ? without(ended, [WHOLE_USER_STAYS_ENDED]) : ended;
}

/** The session as a login or activity at `at` leaves it: new, or a known one seen again. */
export function seenSession(known: Session | undefined, at: Instant): Session {
  return known === undefined ? { started: at, lastSeen: at } : { ...known, lastSeen: later(known.lastSeen, at) };
}

/** Keys of the open sessions that make room for `key`, so that at most 20 stay: those longest unseen. */
export function crowdedOut(sessions: UserCard['sessions'], key: string): readonly string[] {
  return Object.entries(sessions)
    .filter(([other]) => other !== key)
    .toSorted(([, one], [, other]) => (one.lastSeen < other.lastSeen ? 1 : -1))
    .slice(MAX_SESSIONS - 1)
    .map(([other]) => other);
}

/**
 * Keys of the sessions that a logout at `at` ends: the one named, or all of the user's; those started later go on. With
 * the last named session the session of the user as a whole ends too (R24).
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
 * Keys of what a logout at `at` ends that names a session nobody knows: the session of the user as a whole, if it is the
 * only one open and began before (R24).
 */
export function endedByUnknown(sessions: UserCard['sessions'], at: Instant): readonly string[] {
  const whole = sessions[WHOLE_USER];
  return whole !== undefined && whole.started <= at && Object.keys(sessions).length === 1 ? [WHOLE_USER] : [];
}

/** The keys that end, and with the last named one that of the user as a whole. */
function withWholeUser(sessions: UserCard['sessions'], ended: readonly string[]): readonly string[] {
  const namedOneEnds = ended.some((key) => key !== WHOLE_USER);
  const left = Object.keys(sessions).filter((key) => !ended.includes(key));
  return namedOneEnds && left.length === 1 && left[0] === WHOLE_USER ? [...ended, WHOLE_USER] : ended;
}

/** Keys of the sessions not seen for the tenant's idle time, and what ends with the last named one (R24). */
export function idleSessions(sessions: UserCard['sessions'], idleTimeout: number, now: Instant): readonly string[] {
  const cutOff = plus(now, -idleTimeout);
  const idle = Object.entries(sessions).flatMap(([key, session]) => (session.lastSeen <= cutOff ? [key] : []));
  return withWholeUser(sessions, idle);
}

/** When the first of the sessions becomes idle; undefined when none is open. */
export function idleDeadline(sessions: UserCard['sessions'], idleTimeout: number): Instant | undefined {
  const [first] = firstIdle(sessions).flatMap((key) => sessions[key] ?? []);
  return first === undefined ? undefined : plus(first.lastSeen, idleTimeout);
}

/** The key of the open session that was seen least recently; none when none is open. */
export function firstIdle(sessions: UserCard['sessions']): readonly string[] {
  const bySeen = Object.entries(sessions).toSorted(([, one], [, other]) => (one.lastSeen < other.lastSeen ? -1 : 1));
  return bySeen.slice(0, 1).map(([key]) => key);
}

/**
 * The marks still needed: those within which a late login would not be too old anyway, and a day at least. Beyond the
 * hundred latest, one mark for every session stands for the rest: it refuses too much rather than too little, but only
 * what happened at or before it.
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

/** The map without some of its keys. */
export function without<Entry>(
  map: Readonly<Record<string, Entry>>,
  keys: readonly string[],
): Readonly<Record<string, Entry>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** Serial number of the valid dedicated license to use: of all-modules ones, or of module-specific ones; the one that expires last. */
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
 * The expired Dedicated All-modules license that is assigned and blocks auto-allocation until it is released (R14): of
 * several the one that ended last. One whose term has not begun does not block.
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
