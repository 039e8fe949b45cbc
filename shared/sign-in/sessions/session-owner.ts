import * as z from 'zod/mini';
import { absent, any, asRead, equal } from '../../licensing/clause.ts';
import type { SessionOwner } from '../../licensing/login/session-end.ts';
import type { Session } from '../../licensing/login/user-card.ts';
import { DAY, epochSeconds, type Instant, later, plus } from '../../licensing/time.ts';
import type { Item, Table, Write } from '../../platform/ports/table.ts';
import { cognitoUserKey, sessionEndKey, sessionOwnerKey } from '../../store/keys.ts';

/**
 * The owner of a session, because some providers name only the session when it ends. It is written with each login and
 * activity that a hook reports. If the end comes first, it stores the time of the end, so that the late login takes no
 * license (R24).
 */
type Named = { readonly tenant: string; readonly session: string };

const text = z.exactOptional(z.string());
const stored = z.object({ user: text, started: text, endedAt: text });

/** Reads with strong consistency. Returns undefined when no session is named. */
export async function readSessionOwner(
  table: Table,
  tenantId: string,
  session: string | undefined,
): Promise<SessionOwner> {
  const item = session === undefined ? undefined : await table.get(sessionOwnerKey(tenantId, session));
  return item === undefined ? {} : stored.parse(item);
}

/**
 * Returns the write that makes the user the owner of an open session. It is refused when the session has ended, or has
 * come with another user, since `found` was read.
 */
export function ownSession(
  { tenant, session }: Named,
  user: string,
  { started, lastSeen }: Session,
  found: SessionOwner,
  idleTimeout: number,
): Write {
  const isOthers = found.user !== undefined && found.user !== user;
  return {
    update: sessionOwnerKey(tenant, session),
    set: [
      ['user', user],
      ['started', started],
      ['ttl', garbageAt(lastSeen, idleTimeout)],
    ],
    ...(found.endedAt === undefined ? {} : { remove: ['endedAt'] }),
    onlyIf: [
      ...(isOthers
        ? [equal('user', found.user), asRead('started', found.started)]
        : [any(absent('user'), equal('user', user))]),
      asRead('endedAt', found.endedAt),
    ],
  };
}

/** The tenant of a user of Cognito. Their sign-out may name no pool, and no other pool has the same `sub`. */
export function cognitoUserWrite(tenantId: string, user: string, at: Instant, idleTimeout: number): Write {
  return { put: { ...cognitoUserKey(user), tenant: tenantId, ttl: garbageAt(at, idleTimeout) } };
}

const cognitoUser = z.object({ tenant: z.string() });

export function tenantOfCognitoUser(item: Item): string {
  return cognitoUser.parse(item).tenant;
}

/** Records the end of a session whose user is unknown; refused if the user has become known. */
export function endUnowned(
  { tenant, session, at }: Named & { readonly at: Instant },
  found: SessionOwner,
  idleTimeout: number,
): Write {
  return {
    update: sessionOwnerKey(tenant, session),
    set: [
      ['endedAt', later(found.endedAt ?? at, at)],
      ['ttl', garbageAt(at, idleTimeout)],
    ],
    onlyIf: [absent('user'), asRead('endedAt', found.endedAt)],
  };
}

/**
 * Returns the writes that remove a user as the owner of sessions that ended recently. Each is refused when the session
 * belongs to somebody else, or is gone.
 */
export function forgottenOwner(tenantId: string, user: string, sessions: readonly string[]): readonly Write[] {
  return [
    ...sessions.flatMap((session): readonly Write[] => [
      { delete: sessionOwnerKey(tenantId, session), onlyIf: [equal('user', user)] },
      { delete: sessionEndKey(tenantId, session, user) },
    ]),
    { delete: cognitoUserKey(user), onlyIf: [equal('tenant', tenantId)] },
  ];
}

/** Returns a moment after which the session cannot be open without an activity, and a login of it is too old. */
function garbageAt(at: Instant, idleTimeout: number): number {
  return epochSeconds(plus(at, idleTimeout + 8 * DAY));
}
