import { asRead, sameValue } from '../../licensing/clause.ts';
import { type Change, licenseState } from '../../licensing/license/license.ts';
import { transition } from '../../licensing/license/lifecycle.ts';
import { syncCardWithLicense } from '../../licensing/login/card-notes.ts';
import type { Leaver } from '../../licensing/login/leaver.ts';
import {
  namedSessions,
  neededMarks,
  sessionKey,
  type UserCard,
  withMarks,
  without,
} from '../../licensing/login/user-card.ts';
import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import { dayIn, type Instant } from '../../licensing/time.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Table, Write } from '../../platform/ports/table.ts';
import { readLicense } from '../../store/read-license.ts';
import { licenseWrites } from '../../store/write-license.ts';
import { sameMarks, sameSessions, userCardWrite } from '../../store/write-user-card.ts';
import { endOpenSession, forgottenEnd, readSessionEnd } from './session-end-item.ts';

export type EndedSessions = {
  /** How many sessions ended. */
  readonly ended: number;
  /** The serial number of the license on which they ran. */
  readonly license?: string;
  /** Whether anyone may take that license now. */
  readonly nowFree: boolean;
};

export type SessionEnd = {
  /** The keys of the sessions to end and of the marks to leave, and the time of the marks. */
  readonly sessions: readonly string[];
  readonly marks: readonly string[];
  readonly at: Instant;
  /**
   * After a logout, the sessions stay ended (R24). After idleness, their activity is judged as a login. `another user`
   * means that the session continues as that of another user.
   */
  readonly by: 'logout' | 'idleness' | 'another user';
  /** The note that the card then has about a user who is disabled or has left. */
  readonly leaver?: Leaver | undefined;
  readonly change: Change;
  /** Further writes of the same transaction. */
  readonly extraWrites?: readonly Write[];
};

/**
 * Ends sessions of a card that was just read (R24, R25). The end of the last session also gives the license back, in
 * the same transaction: a floating license is free in its present folder, and a dedicated one stays assigned if it
 * still belongs to the user. Returns undefined when the card or the license has changed since, so that the caller reads
 * again.
 */
export async function endSessions(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  settings: TenantSettings,
  card: UserCard,
  end: SessionEnd,
): Promise<EndedSessions | undefined> {
  const now = clock.now();
  const sessions = without(card.sessions, end.sessions);
  const ended = neededMarks(withMarks(card.ended, end.marks, end.at), settings.idleTimeout, now);
  const noted = end.leaver === undefined ? card : { ...card, leaver: end.leaver };
  const after: UserCard = { ...noted, sessions, ended, change: end.change };

  const { current } = card;
  const letGo = current !== undefined && Object.keys(sessions).length === 0;
  const keeping = endWrites(table, card, end);
  const { extraWrites = [] } = end;
  if (!letGo) {
    const done = await write(table, settings, card, after, [...(await keeping), ...extraWrites]);
    return done ? { ended: end.sessions.length, ...licenseOfCard(card), nowFree: false } : undefined;
  }

  const today = dayIn(settings.timeZone, now);
  const [license, kept] = await Promise.all([readLicense(table, card.tenant, current.serialNumber), keeping]);
  const left = license === undefined ? undefined : transition(license, { event: 'let-go' }, end.change);
  if (license === undefined || left === undefined || 'refused' in left || license.currentUser !== card.user) {
    return undefined;
  }
  const writes = [...licenseWrites(license, left.license, today), ...kept, ...extraWrites];
  if (!(await write(table, settings, card, syncCardWithLicense(after, left.license), writes))) return undefined;
  return {
    ended: end.sessions.length,
    license: license.serialNumber,
    nowFree: licenseState(left.license, today) === 'free',
  };
}

/** Returns the writes that record the ends of the named sessions. */
async function endWrites(
  table: Table,
  { tenant, user, sessions }: UserCard,
  { sessions: keys, at, by }: SessionEnd,
): Promise<readonly Write[]> {
  if (by === 'another user') return [];
  const writes = namedSessions(keys).map(async (session) => {
    const named = { tenant, user, session };
    const open = sessions[sessionKey(session)];
    if (open === undefined) return [];
    if (by === 'logout') return [endOpenSession(named, at)];
    return forgottenEnd(named, open, await readSessionEnd(table, named));
  });
  return (await Promise.all(writes)).flat();
}

async function write(
  table: Table,
  { idleTimeout }: TenantSettings,
  before: UserCard,
  after: UserCard,
  others: readonly Write[],
): Promise<boolean> {
  // A concurrent login removes the note about a leaver, whatever its outcome.
  const since = sameValue(before.leaver, after.leaver) ? [] : [asRead('loggedInAt', before.loggedInAt)];
  const clauses = [...sameSessions(before), ...sameMarks(before, after), ...since];
  const answer = await table.write([userCardWrite(before, after, idleTimeout, clauses), ...others]);
  return answer.done;
}

function licenseOfCard(card: UserCard): { readonly license?: string } {
  return card.current === undefined ? {} : { license: card.current.serialNumber };
}
