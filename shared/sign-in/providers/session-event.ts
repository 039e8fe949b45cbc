import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import { CLOCK_SKEW, type Instant, instantOf } from '../../licensing/time.ts';
import type { LeaverNote } from '../../licensing/vocabulary.ts';
import { providerId } from '../../platform/validation.ts';

/** What every provider's call comes to: somebody logged in, was active, or logged out. */
export type SessionEvent = {
  /** The provider's own tenant (`okta:acme-example.okta.com`); configuration says whose it is. */
  readonly tenant: string;
  /** The provider's immutable id of the user; null when only the session names them. */
  readonly user: string | null;
  /** Null: the user as a whole. */
  readonly session: string | null;
  readonly kind: SessionEventKind;
  /** When it happened; when we heard of it, where the provider does not say. */
  readonly at: Instant;
  /** The same for each delivery of the same event. */
  readonly id: string;
  /** The user's display name, where the provider tells it with the event. */
  readonly name?: string;
  /** Only with a logout of the user as a whole: the provider disabled the user, or the user has left. */
  readonly leaver?: LeaverNote;
};

export type SessionEventKind = 'login' | 'activity' | 'logout';

/** One element of a call, judged alone; the texts name fields, never what stands in them. */
export type Element =
  | { readonly event: SessionEvent }
  | { readonly ignored: string }
  | { readonly bad: string }
  /** Of a tenant that this hook does not speak for. */
  | { readonly foreign: string };

export const FOREIGN: Element = { foreign: 'the event is of a tenant that this hook does not speak for' };

/** The tenant that a record belongs to: the one it names if the hook speaks for it, the first one if it names none. */
export function tenantOf(tenants: readonly string[], named: string | undefined): string | undefined {
  if (named === undefined) return tenants[0];
  return tenants.includes(named) ? named : undefined;
}

export type EventParts = {
  readonly tenant: string;
  readonly user?: string | null | undefined;
  readonly session?: string | null | undefined;
  readonly kind: SessionEventKind;
  readonly at: Instant;
  readonly id: string;
  /** What may be the user's display name; the first that can be one is taken. */
  readonly names?: readonly unknown[];
  readonly leaver?: SessionEvent['leaver'] | undefined;
};

/** Checks what no provider's schema can: who is named, how long the ids are, and that the event is not of the future. */
export function sessionEvent(parts: EventParts, now: Instant): Element {
  const { tenant, kind, at, id } = parts;
  const user = parts.user || null;
  const session = parts.session || null;
  if (user === null && (kind !== 'logout' || session === null)) return { bad: `a ${kind} that names no user` };
  if (Date.parse(at) > Date.parse(now) + CLOCK_SKEW) return { bad: `a ${kind} of the future` };
  for (const [name, value] of Object.entries({ user, session, id })) {
    if (value !== null && !z.safeParse(providerId, value).success)
      return { bad: `a ${kind} whose ${name} is not an id` };
  }
  const name = parts.names?.find(isName);
  const { leaver } = parts;
  return {
    event: defined({
      tenant,
      user,
      session,
      kind,
      at,
      id,
      name,
      leaver,
    }),
  };
}

/** A name as it may stand on a user card: one of nothing but spaces says nothing. */
export const displayName = z.string().check(
  z.regex(/\S/),
  z.maxLength(1_024),
  z.refine((text) => text.isWellFormed()),
);

function isName(given: unknown): given is string {
  return z.safeParse(displayName, given).success;
}

/** Reads an element with a schema; one that does not fit is bad, and the text says where. */
export function readElement<T>(schema: z.ZodMiniType<T>, input: unknown, judge: (value: T) => Element): Element {
  const reading = z.safeParse(schema, input);
  return reading.success ? judge(reading.data) : { bad: unreadable(reading.error) };
}

/** Where a value does not fit its schema; keys that the sender chose are not repeated. */
export function unreadable({ issues }: z.core.$ZodError): string {
  const place = issues[0]?.path.map(String).join('.');
  return place ? `${place} is missing or is not what it should be` : 'not an object';
}

/** An id for a provider that gives none: the same parts, the same id. */
export function derivedId(...parts: readonly (string | number | null | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The minute of `now`: as near as a trigger without time and id can be told from its own repetition. */
export function minuteOf(now: Instant): string {
  return now.slice(0, 'YYYY-MM-DDTHH:MM'.length);
}

/** Far beyond any event, and short of what a date cannot hold. */
const LAST_SECOND = 100_000_000_000;

export const epochMilliseconds = z.pipe(
  z.int().check(z.gte(0), z.lte(LAST_SECOND * 1_000)),
  z.transform((milliseconds) => instantOf(milliseconds)),
);

export const epochSeconds = z.pipe(
  z.number().check(z.gte(0), z.lte(LAST_SECOND)),
  z.transform((seconds) => instantOf(Math.floor(seconds * 1_000))),
);
