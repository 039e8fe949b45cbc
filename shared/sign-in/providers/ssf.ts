import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import { DAY, type Instant, instantOf } from '../../licensing/time.ts';
import { type Answers, concludeBatch, empty, type HookOutcome, json, noEvents } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import {
  bad,
  type Element,
  epochSeconds,
  foreign,
  ignored,
  type Part,
  readPart,
  type SessionEvent,
  type SessionEventKind,
  sessionEvent,
} from './session-event.ts';
import { CLAIM_IS_MISSING, type ProvenToken, proveToken, type TokenFault, type TokenRules } from './signed-token.ts';

/**
 * Shared Signals Framework with CAEP and RISC events, by push (RFC 8935): the body is a signed security event token.
 */
export async function readSharedSignals(
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const { authorization } = settings;
  const isKnown = isOneOf(request.headers.get('authorization'), authorization);
  if (authorization !== undefined && !isKnown) return refuse('the Authorization header does not fit');
  const proof = await proveToken(request.body.trim(), settings, SECURITY_EVENT_TOKEN, context);
  if (proof.kind === 'unavailable') return noEvents('retry', proof.reason, ANSWERS.retry);
  if (proof.kind === 'unproven') return refuse(proof.reason, isKnown ? FAULT_CODES[proof.fault] : undefined);
  const token = z.safeParse(securityEventToken, proof.claims);
  if (!token.success) return refuse('the token has no events', isKnown ? FAULT_CODES.claims : undefined);
  const signed = { ...proof, ...token.data };
  const elements = Object.entries(signed.events).map(([type, event]): Element => {
    const signal = SIGNALS.get(type);
    if (signal === undefined) return ignored('a signal that is no session event');
    return judgeSignal(signal, event, signed, context.now);
  });
  return concludeBatch(elements, ANSWERS);
}

type SignedEvents = ProvenToken & z.infer<typeof securityEventToken>;

function judgeSignal(signal: Signal, event: unknown, token: SignedEvents, now: Instant): Element {
  const reading = readPart(signalEvent, event);
  if (reading.kind === 'bad') return reading;
  const { event_timestamp, ext_id, reason, subject: ofEvent } = reading.value;
  const { jti, events, issuer, issuedAt, sub_id, sub } = token;
  const named = sub_id ?? ofEvent ?? (sub === undefined ? undefined : { format: 'iss_sub', iss: issuer, sub });
  if (named === undefined && ext_id === undefined) return foreign(CLAIM_IS_MISSING);
  const subject = readSubject(named, signal, issuer);
  if (subject.kind === 'bad') return subject;

  const { kind, leaver } = signal;
  const { user, session: ofSubject } = subject.value;
  const session = signal.ofUser ? undefined : (ofSubject ?? ext_id);
  const at = event_timestamp ?? instantOf(issuedAt * 1_000);
  const id = Object.keys(events).length === 1 ? jti : `${jti}.${signal.name}`;
  // Somebody else got hold of the account. Its user is a victim, and has not left.
  const victim = reason === 'hijacking';
  const parts = { tenant: `oidc:${issuer}`, user, session, kind, at, id, leaver: victim ? undefined : leaver };
  return sessionEvent(parts, now);
}

/** The same text for every failed proof, so that a stranger cannot learn whether the tenant has this hook. */
const REFUSED = 'the token could not be verified';

const ANSWERS: Answers = {
  events: empty(202),
  ignore: empty(202),
  reject: failure('invalid_request', 'the event cannot be used'),
  unauthorized: failure('authentication_failed', REFUSED),
  retry: empty(503),
};

/** The error codes of RFC 8935, section 2.4, for a transmitter that has proven itself by its `Authorization`. */
const FAULT_CODES: Readonly<Record<TokenFault, string>> = {
  token: 'authentication_failed',
  key: 'invalid_key',
  issuer: 'invalid_issuer',
  audience: 'invalid_audience',
  time: 'authentication_failed',
  claims: 'invalid_request',
};

function failure(err: string, description: string) {
  return json(400, { err, description });
}

function refuse(why: string, err = 'authentication_failed'): HookOutcome {
  return noEvents('unauthorized', why, failure(err, REFUSED));
}

/** The standard has no expiry, so a token may be as old as ids are remembered. */
const SECURITY_EVENT_TOKEN: TokenRules = {
  types: ['secevent+jwt'],
  mayLackType: false,
  requiresExpiry: false,
  oldest: 8 * DAY,
  requires: ['jti', 'events'],
  forbids: ['exp'],
};

type Signal = {
  readonly kind: SessionEventKind;
  /** Distinguishes the events of one token. */
  readonly name: string;
  /** The event is about the account, so about the user as a whole. */
  readonly ofUser?: true;
  readonly leaver?: SessionEvent['leaver'];
};

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';

/** A compromised account only ends its sessions: the user has not left. */
const SIGNALS = new Map<string, Signal>([
  [`${CAEP}/session-established`, { kind: 'login', name: 'login' }],
  [`${CAEP}/session-presented`, { kind: 'activity', name: 'activity' }],
  [`${CAEP}/session-revoked`, { kind: 'logout', name: 'logout' }],
  [`${RISC}/sessions-revoked`, { kind: 'logout', name: 'sessions-revoked', ofUser: true }],
  [`${RISC}/credential-compromise`, { kind: 'logout', name: 'credential-compromise', ofUser: true }],
  [`${RISC}/account-credential-change-required`, { kind: 'logout', name: 'credential-change', ofUser: true }],
  [`${RISC}/account-disabled`, { kind: 'logout', name: 'account-disabled', ofUser: true, leaver: 'disabled' }],
  [`${RISC}/account-purged`, { kind: 'logout', name: 'account-purged', ofUser: true, leaver: 'left' }],
]);

/**
 * Older transmitters name the subject in the event, and its format as `subject_type`, or not at all if it is complex.
 */
const subjectId = z.looseObject({ format: z.optional(z.string()), subject_type: z.optional(z.string()) });

const securityEventToken = z.object({
  jti: z.string(),
  events: z.record(z.string(), z.unknown()),
  sub_id: z.optional(subjectId),
  sub: z.optional(z.string()),
});

const signalEvent = z.object({
  event_timestamp: z.exactOptional(epochSeconds),
  ext_id: z.exactOptional(z.string()),
  reason: z.optional(z.unknown()),
  subject: z.optional(subjectId),
});

const opaque = z.object({ format: z.literal('opaque'), id: z.string() });
const issuerAndSubject = z.object({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string() });
const complex = z.object({
  format: z.literal('complex'),
  user: z.exactOptional(z.union([opaque, issuerAndSubject])),
  session: z.exactOptional(opaque),
});

/** Subjects by RFC 9493. E-mail addresses and the like do not identify a user. */
const known = z.union([opaque, issuerAndSubject, complex]);

type Subject = { readonly user?: string; readonly session?: string };

/** Reads a subject. An opaque one alone is the session, or the user in an event about the account. */
function readSubject(given: z.infer<typeof subjectId> | undefined, { ofUser }: Signal, issuer: string): Part<Subject> {
  if (given === undefined) return { kind: 'read', value: {} };
  const isComplex = 'user' in given || 'session' in given;
  const format = (given.format ?? given.subject_type)?.replaceAll('-', '_') ?? (isComplex ? 'complex' : undefined);
  const reading = z.safeParse(known, { ...given, format });
  if (!reading.success) return bad('the subject is missing or is not what it should be');
  const subject = reading.data;
  switch (subject.format) {
    case 'opaque':
      return { kind: 'read', value: ofUser ? { user: subject.id } : { session: subject.id } };
    case 'iss_sub':
      return readUser(subject, issuer);
    case 'complex': {
      const user = readUser(subject.user, issuer);
      return user.kind === 'bad'
        ? user
        : { kind: 'read', value: defined({ ...user.value, session: subject.session?.id }) };
    }
  }
}

type User = z.infer<typeof opaque> | z.infer<typeof issuerAndSubject>;

function readUser(user: User | undefined, issuer: string): Part<Subject> {
  if (user === undefined) return { kind: 'read', value: {} };
  if (user.format === 'opaque') return { kind: 'read', value: { user: user.id } };
  if (user.iss !== issuer) return bad('the user is of another issuer than the token');
  return { kind: 'read', value: { user: user.sub } };
}
