import * as z from 'zod/mini';
import { absent, any, asRead, atMost, equal } from '../licensing/clause.ts';
import { DAY, epochSeconds, type Instant, later, plus } from '../licensing/time.ts';
import { cognitoUserKey, sessionOwnerKey } from '../store/keys.ts';
import type { Item, Write } from '../store/table.ts';

/**
 * Whose a session is: some providers name the session alone when it ends. Written with each login and activity that a
 * hook tells of. Where the end comes first, it keeps the time of the end, so that the late login takes no license (R24).
 */
export type SessionOwner = { readonly user?: string; readonly endedAt?: Instant };

type Named = { readonly tenant: string; readonly session: string; readonly at: Instant };

const stored = z.object({ user: z.exactOptional(z.string()), endedAt: z.exactOptional(z.string()) });

export function sessionOwnerOf(item: Item | undefined): SessionOwner {
  return item === undefined ? {} : stored.parse(item);
}

/** Refused when the session has ended at `at` or later. */
export function ownSession({ tenant, session, at }: Named, user: string, idleTimeout: number): Write {
  return {
    update: sessionOwnerKey(tenant, session),
    set: [
      ['user', user],
      ['ttl', garbageAt(at, idleTimeout)],
    ],
    onlyIf: [any(absent('endedAt'), atMost('endedAt', plus(at, -1)))],
  };
}

/** Which tenant a user of Cognito belongs to: their sign-out may name no pool, and their `sub` is no other pool's. */
export function cognitoUserWrite(tenant: string, user: string, at: Instant, idleTimeout: number): Write {
  return { put: { ...cognitoUserKey(user), tenant, ttl: garbageAt(at, idleTimeout) } };
}

const cognitoUser = z.object({ tenant: z.string() });

export function tenantOfCognitoUser(item: Item): string {
  return cognitoUser.parse(item).tenant;
}

/** The end of a session of which nobody knows whose it is; refused when somebody does meanwhile. */
export function endUnowned({ tenant, session, at }: Named, found: SessionOwner, idleTimeout: number): Write {
  return {
    update: sessionOwnerKey(tenant, session),
    set: [
      ['endedAt', later(found.endedAt ?? at, at)],
      ['ttl', garbageAt(at, idleTimeout)],
    ],
    onlyIf: [absent('user'), asRead('endedAt', found.endedAt)],
  };
}

/** Forgets a user as the owner of their recently ended sessions; each refused where it is another's, or gone. */
export function forgottenOwner(tenant: string, user: string, sessions: readonly string[]): readonly Write[] {
  return [
    ...sessions.map((session): Write => ({ delete: sessionOwnerKey(tenant, session), onlyIf: [equal('user', user)] })),
    { delete: cognitoUserKey(user), onlyIf: [equal('tenant', tenant)] },
  ];
}

/** Past the last moment at which the session could be open without an activity, or a login of it not be too old. */
function garbageAt(at: Instant, idleTimeout: number): number {
  return epochSeconds(plus(at, idleTimeout + 8 * DAY));
}
