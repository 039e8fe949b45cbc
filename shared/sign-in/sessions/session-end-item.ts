import * as z from 'zod/mini';
import { asRead } from '../../licensing/clause.ts';
import { type Session, STAYS_ENDED } from '../../licensing/login/user-card.ts';
import { DAY, epochSeconds, type Instant, plus } from '../../licensing/time.ts';
import type { Table, Write } from '../../platform/ports/table.ts';
import { sessionEndKey } from '../../store/keys.ts';

/** A named session of a user, whose item beside the card keeps when a logout or a disconnect ended it (R24). */
export type UserSession = { readonly tenant: string; readonly user: string; readonly session: string };

const stored = z.object({ endedAt: z.exactOptional(z.string()) });

/** Strong; of no session in particular, nothing. */
export async function readSessionEnd(
  table: Table,
  { tenant, session, user }: Partial<Pick<UserSession, 'session'>> & Omit<UserSession, 'session'>,
): Promise<Instant | undefined> {
  const item = session === undefined ? undefined : await table.get(sessionEndKey(tenant, session, user));
  return item === undefined ? undefined : stored.parse(item).endedAt;
}

/** The session stays ended. Without a condition: it is written with a change of the card, which says that it ends now. */
export function endOpenSession({ tenant, session, user }: UserSession, at: Instant): Write {
  return { update: sessionEndKey(tenant, session, user), set: ended(at), onlyIf: [] };
}

/** So does one that is not open any more, if no later end is kept. */
export function endKnownSession(
  { tenant, session, user }: UserSession,
  at: Instant,
  found: Instant | undefined,
): readonly Write[] {
  if (found !== undefined && found >= at) return [];
  return [{ update: sessionEndKey(tenant, session, user), set: ended(at), onlyIf: [asRead('endedAt', found)] }];
}

/**
 * Takes away the end of an earlier session of that id which the user has opened again, or is opening: should that end by
 * idleness, activity after it is judged as a login (R24).
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
