import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import { CLOCK_SKEW, type Instant, instantOf } from '../../licensing/time.ts';
import type { LeaverNote } from '../../licensing/vocabulary.ts';
import { providerId } from '../../platform/validation.ts';
import { parseJson } from './hook-request.ts';

/** What every provider reports: a user logged in, was active, or logged out. */
export type SessionEvent = {
  /** The provider's own tenant (`okta:acme-example.okta.com`). The hook settings map it to a tenant. */
  readonly tenant: string;
  /** The provider's immutable id of the user. Null when only the session is known. */
  readonly user: string | null;
  /** Null means the user as a whole. */
  readonly session: string | null;
  readonly kind: SessionEventKind;
  /** When it happened. If the provider does not say so, when it was received. */
  readonly at: Instant;
  /** The same for each delivery of one event. */
  readonly id: string;
  /** The user's display name, if the provider sends it with the event. */
  readonly name?: string;
  /** The provider's id of the application that the user signed in to, if the provider names it. */
  readonly application?: string;
  /** Only with a logout of the user as a whole: the user was disabled or has left. */
  readonly leaver?: LeaverNote;
};

export type SessionEventKind = 'login' | 'activity' | 'logout';

/**
 * The outcome of one element of a call, judged alone. `foreign` means that it belongs to a tenant that is not among the
 * hook's. The reasons name fields, never their values.
 */
export type Element =
  | { readonly kind: 'event'; readonly event: SessionEvent }
  | { readonly kind: 'ignored' | 'foreign'; readonly reason: string }
  | Bad;

type Bad = { readonly kind: 'bad'; readonly reason: string };

export function ignored(reason: string): Element {
  return { kind: 'ignored', reason };
}

export function foreign(reason: string): Element {
  return { kind: 'foreign', reason };
}

export function bad(reason: string): Bad {
  return { kind: 'bad', reason };
}

export const FOREIGN = foreign('the event is of a tenant that this hook does not speak for');

/**
 * Returns the tenant of a record: the one that it names, if it is among the hook's, or the first one if it names none.
 */
export function selectTenant(tenants: readonly string[], named: string | undefined): string | undefined {
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
  /** Candidates for the user's display name. The first usable one is taken. */
  readonly names?: readonly unknown[];
  /** Candidates for the application. The first usable one is taken. */
  readonly applications?: readonly unknown[];
  readonly leaver?: SessionEvent['leaver'] | undefined;
};

/**
 * Checks what no schema of a provider can: that a user is named, the length of the ids, and that the event is not in
 * the future.
 */
export function sessionEvent(parts: EventParts, now: Instant): Element {
  const { tenant, kind, at, id } = parts;
  const user = parts.user || null;
  const session = parts.session || null;
  if (user === null && (kind !== 'logout' || session === null)) return bad(`a ${kind} that names no user`);
  if (Date.parse(at) > Date.parse(now) + CLOCK_SKEW) return bad(`a ${kind} of the future`);
  for (const [name, value] of Object.entries({ user, session, id })) {
    if (value !== null && !z.safeParse(providerId, value).success) return bad(`a ${kind} whose ${name} is not an id`);
  }
  const name = parts.names?.find(isName);
  const application = kind === 'logout' ? undefined : parts.applications?.find(isId);
  const { leaver } = parts;
  return {
    kind: 'event',
    event: defined({
      tenant,
      user,
      session,
      kind,
      at,
      id,
      name,
      application,
      leaver,
    }),
  };
}

/** A name for a user card. A name of nothing but blanks is ignored. */
export const displayName = z.string().check(
  z.regex(/\S/),
  z.maxLength(1_024),
  z.refine((text) => text.isWellFormed()),
);

function isId(given: unknown): given is string {
  return z.safeParse(providerId, given).success;
}

function isName(given: unknown): given is string {
  return z.safeParse(displayName, given).success;
}

/** A part of a call, or the element that is bad because the part could not be read. */
export type Part<Value> = { readonly kind: 'read'; readonly value: Value } | Bad;

export function readJson(text: string): Part<unknown> {
  const parsed = parseJson(text);
  return parsed === undefined ? bad('the body is not JSON') : { kind: 'read', value: parsed.value };
}

/**
 * Reads a part of an element. The parts are read one after the other, so that an element that does not count is ignored
 * even if its other parts are not what they should be.
 */
export function readPart<Value>(schema: z.ZodMiniType<Value>, input: unknown): Part<Value> {
  const reading = z.safeParse(schema, input);
  return reading.success ? { kind: 'read', value: reading.data } : bad(describeMisfit(reading.error));
}

/** Returns where a value does not fit its schema. Keys that the sender chose are not repeated. */
function describeMisfit({ issues }: z.core.$ZodError): string {
  const place = issues[0]?.path.map(String).join('.');
  return place ? `${place} is missing or is not what it should be` : 'not an object';
}

/** Returns an id for an event of a provider that sends none. The same parts give the same id. */
export function derivedId(...parts: readonly (string | number | null | undefined)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Returns the minute of `now`. A trigger without a time and an id cannot be distinguished from its own retry more
 * exactly.
 */
export function minuteOf(now: Instant): string {
  return now.slice(0, 'YYYY-MM-DDTHH:MM'.length);
}

/** Far later than any event, and still a valid date. */
const LAST_SECOND = 100_000_000_000;

export const epochMilliseconds = z.pipe(
  z.int().check(z.gte(0), z.lte(LAST_SECOND * 1_000)),
  z.transform((milliseconds) => instantOf(milliseconds)),
);

export const epochSeconds = z.pipe(
  z.number().check(z.gte(0), z.lte(LAST_SECOND)),
  z.transform((seconds) => instantOf(Math.floor(seconds * 1_000))),
);
