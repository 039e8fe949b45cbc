import * as z from 'zod/mini';
import { asRead } from '../../licensing/clause.ts';
import { type Session, STAYS_ENDED } from '../../licensing/login/user-card.ts';
import { DAY, epochSeconds, type Instant, plus } from '../../licensing/time.ts';
import type { Table, Write } from '../../platform/ports/table.ts';
import { sessionEndKey } from '../../store/keys.ts';

/** A named session of a user. An item beside the card stores when a logout or a disconnect ended it (R24). */
export type UserSession = { readonly tenant: string; readonly user: string; readonly session: string };

const stored = z.object({ endedAt: z.exactOptional(z.string()) });

/** Reads with strong consistency. Returns undefined when no session is named. */
export async function readSessionEnd(
  table: Table,
  { tenant, session, user }: Partial<Pick<UserSession, 'session'>> & Omit<UserSession, 'session'>,
): Promise<Instant | undefined> {
  const item = session === undefined ? undefined : await table.get(sessionEndKey(tenant, session, user));
  return item === undefined ? undefined : stored.parse(item).endedAt;
}

/**
 * Returns the write that keeps an open session ended. It has no condition, because it is made together with the change
 * of the card that ends it.
 */
export function endOpenSession({ tenant, session, user }: UserSession, at: Instant): Write {
  return { update: sessionEndKey(tenant, session, user), set: ended(at), onlyIf: [] };
}

/** Returns the writes that keep a session ended that is not open any more, if no later end is stored. */
export function endKnownSession(
  { tenant, session, user }: UserSession,
  at: Instant,
  found: Instant | undefined,
): readonly Write[] {
  if (found !== undefined && found >= at) return [];
  return [{ update: sessionEndKey(tenant, session, user), set: ended(at), onlyIf: [asRead('endedAt', found)] }];
}

/**
 * Returns the writes that remove the end of an earlier session of the same id, which the user has opened again or is
 * opening. If that session ends by idleness, activity after it is judged as a login (R24).
 */
export function forgottenEnd(
  { tenant, session, user }: UserSession,
  { started }: Session,
  found: Instant | undefined,
): readonly Write[] {
  if (found === undefined || found >= started) return [];
  return [{ update: sessionEndKey(tenant, session, user), remove: ['endedAt'], onlyIf: [asRead('endedAt', found)] }];
}

function ended(at: Instant) {
  return [
    ['endedAt', at],
    ['ttl', epochSeconds(plus(at, STAYS_ENDED + DAY))],
  ] as const;
}
