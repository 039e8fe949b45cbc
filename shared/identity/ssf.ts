import * as z from 'zod/mini';
import { DAY, instantOf } from '../licensing/time.ts';
import { type Answers, concludeBatch, empty, type HookOutcome, json, without } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { isOneOf } from './secrets.ts';
import { type Element, epochSeconds, readElement, type SessionEventKind, sessionEvent } from './session-event.ts';
import { proveToken, type TokenFault, type TokenRules } from './signed-token.ts';

/** Shared Signals Framework with CAEP events, pushed (RFC 8935): the body is a signed security event token. */
export async function readSharedSignals(
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const { authorization } = settings;
  if (authorization !== undefined && !isOneOf(request.headers.get('authorization'), authorization)) {
    return refuse('authentication_failed', 'the Authorization header does not fit');
  }
  const proof = await proveToken(request.body.trim(), settings, SECURITY_EVENT_TOKEN, context);
  if ('unavailable' in proof) return without('retry', proof.unavailable, ANSWERS.retry);
  if ('unproven' in proof) return refuse(FAULT_CODES[proof.fault], proof.unproven);
  const token = z.safeParse(securityEventToken, proof.claims);
  if (!token.success) return refuse('invalid_request', 'the token has no events');
  const types = Object.entries(token.data.events);
  const elements = types.map(([type, event]): Element => {
    const kind = KINDS.get(type);
    if (kind === undefined) return { ignored: 'a signal that is no session event' };
    return readElement(caepEvent, event, ({ event_timestamp, ext_id }) =>
      readElement(subjectOfToken, proof.claims, ({ sub_id }) => {
        const subject = namedBy(sub_id, proof.issuer);
        if ('bad' in subject) return subject;
        const { user, session = ext_id } = subject;
        const at = event_timestamp ?? instantOf(proof.issuedAt * 1_000);
        const id = types.length === 1 ? token.data.jti : `${token.data.jti}.${kind}`;
        return sessionEvent({ tenant: `oidc:${proof.issuer}`, user, session, kind, at, id }, context.now);
      }),
    );
  });
  return concludeBatch(elements, ANSWERS);
}

const ANSWERS: Answers = {
  events: empty(202),
  ignore: empty(202),
  reject: failure('invalid_request', 'the event cannot be used'),
  unauthorized: failure('authentication_failed', 'the token could not be verified'),
  retry: empty(503),
};

/** The error codes of RFC 8935, section 2.4. */
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

function refuse(err: string, why: string): HookOutcome {
  return without('unauthorized', why, failure(err, why));
}

/** Has no expiry by its standard: as old as an id is remembered. */
const SECURITY_EVENT_TOKEN: TokenRules = {
  types: ['secevent+jwt'],
  mayLackType: false,
  requiresExpiry: false,
  oldest: 8 * DAY,
  requires: ['jti', 'events'],
};

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';

const KINDS = new Map<string, SessionEventKind>([
  [`${CAEP}/session-established`, 'login'],
  [`${CAEP}/session-presented`, 'activity'],
  [`${CAEP}/session-revoked`, 'logout'],
]);

const securityEventToken = z.object({ jti: z.string(), events: z.record(z.string(), z.unknown()) });

const caepEvent = z.object({ event_timestamp: z.exactOptional(epochSeconds), ext_id: z.exactOptional(z.string()) });

const opaque = z.object({ format: z.literal('opaque'), id: z.string() });
const issuerAndSubject = z.object({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string() });
const complex = z.object({
  format: z.literal('complex'),
  user: z.exactOptional(z.union([opaque, issuerAndSubject])),
  session: z.exactOptional(opaque),
});

/** RFC 9493. E-mail addresses and their like are no ids of a user. */
const subjectOfToken = z.object({ sub_id: z.union([opaque, issuerAndSubject, complex]) });

type Subject = { readonly user?: string; readonly session?: string };
type Unusable = { readonly bad: string };

/** An opaque subject by itself is the session. */
function namedBy(subject: z.infer<typeof subjectOfToken>['sub_id'], issuer: string): Subject | Unusable {
  switch (subject.format) {
    case 'opaque':
      return { session: subject.id };
    case 'iss_sub':
      return userOf(subject, issuer);
    case 'complex': {
      const user = subject.user === undefined ? {} : userOf(subject.user, issuer);
      if ('bad' in user) return user;
      return { ...user, ...(subject.session === undefined ? {} : { session: subject.session.id }) };
    }
  }
}

type User = z.infer<typeof opaque> | z.infer<typeof issuerAndSubject>;

function userOf(user: User, issuer: string): Subject | Unusable {
  if (user.format === 'opaque') return { user: user.id };
  return user.iss === issuer ? { user: user.sub } : { bad: 'the user is of another issuer than the token' };
}
