import { noteLicense } from '../licensing/card-notes.ts';
import { asRead, sameValue } from '../licensing/clause.ts';
import type { Leaver } from '../licensing/leaver.ts';
import { type Change, type License, licenseState } from '../licensing/license.ts';
import { transition } from '../licensing/lifecycle.ts';
import type { TenantSettings } from '../licensing/tenant.ts';
import { dayIn, type Instant, later } from '../licensing/time.ts';
import { neededMarks, type UserCard, without } from '../licensing/user-card.ts';
import type { Clock } from '../runtime/clock.ts';
import { licenseOf } from '../store/items.ts';
import { licenseKey } from '../store/keys.ts';
import type { Table, Write } from '../store/table.ts';
import { licenseWrites } from '../store/write-license.ts';
import { sameSessions, userCardWrite } from '../store/write-user-card.ts';

export type EndedSessions = {
  /** How many sessions ended. */
  readonly ended: number;
  /** Serial number of the license that they ran on. */
  readonly license?: string;
  /** Whether that license may now be taken by anyone. */
  readonly nowFree: boolean;
};

export type SessionEnd = {
  /** Keys of the sessions to end, and of the marks to leave, with the time that the marks tell. */
  readonly sessions: readonly string[];
  readonly marks: readonly string[];
  readonly at: Instant;
  /** The note that the card then has of a user who is disabled or has left. */
  readonly leaver?: Leaver | undefined;
  readonly change: Change;
  /** Written in the same transaction. */
  readonly beside?: readonly Write[];
};

/**
 * Ends sessions of a card that was just read (R24, R25). With the last one the license is let go in the same
 * transaction: a floating one is free again in its present folder, a dedicated one stays assigned if it still is the
 * user's. Undefined when the card or the license was changed meanwhile: read again.
 */
export async function endSessions(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  settings: TenantSettings,
  card: UserCard,
  end: SessionEnd,
): Promise<EndedSessions | undefined> {
  const now = clock.now();
  const { beside = [] } = end;
  const marked = { ...card.ended };
  for (const key of end.marks) marked[key] = later(marked[key] ?? end.at, end.at);
  const sessions = without(card.sessions, end.sessions);
  const ended = neededMarks(marked, settings.idleTimeout, now);
  const noted = end.leaver === undefined ? card : { ...card, leaver: end.leaver };
  const after: UserCard = { ...noted, sessions, ended, change: end.change };

  const { current } = card;
  const letGo = current !== undefined && Object.keys(sessions).length === 0;
  if (!letGo) {
    const done = await write(table, settings, card, after, beside);
    return done ? { ended: end.sessions.length, ...licenseOfCard(card), nowFree: false } : undefined;
  }

  const today = dayIn(settings.timeZone, now);
  const license = await readLicense(table, card.tenant, current.serialNumber);
  const left = license === undefined ? undefined : transition(license, { event: 'let-go' }, end.change);
  if (license === undefined || left === undefined || 'refused' in left || license.currentUser !== card.user) {
    return undefined;
  }
  const writes = [...licenseWrites(license, left.license, today), ...beside];
  if (!(await write(table, settings, card, noteLicense(after, left.license), writes))) return undefined;
  return {
    ended: end.sessions.length,
    license: license.serialNumber,
    nowFree: licenseState(left.license, today) === 'free',
  };
}

async function write(
  table: Table,
  { idleTimeout }: TenantSettings,
  before: UserCard,
  after: UserCard,
  others: readonly Write[],
): Promise<boolean> {
  // A login that came in between, whatever came of it, takes the note of a leaver away.
  const since = sameValue(before.leaver, after.leaver) ? [] : [asRead('loggedInAt', before.loggedInAt)];
  const clauses = [...sameSessions(before), ...since];
  const answer = await table.write([userCardWrite(before, after, idleTimeout, clauses), ...others]);
  return answer.done;
}

function licenseOfCard(card: UserCard): { readonly license?: string } {
  return card.current === undefined ? {} : { license: card.current.serialNumber };
}

async function readLicense(table: Table, tenant: string, serialNumber: string): Promise<License | undefined> {
  const item = await table.get(licenseKey(tenant, serialNumber));
  return item === undefined ? undefined : licenseOf(item);
}
