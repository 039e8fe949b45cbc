import * as z from 'zod/mini';
import { CLOCK_SKEW, type Instant, instantOf } from '../../licensing/time.ts';
import { type Answers, conclude, empty, type HookOutcome, json, noEvents } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { type Element, foreign, readPart, sessionEvent } from './session-event.ts';
import { CLAIM_IS_MISSING, type ProvenToken, proveToken, type TokenRules } from './signed-token.ts';

/** OpenID Connect Back-Channel Logout 1.0: a form with a `logout_token`. */
export async function readBackchannelLogout(
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const token = new URLSearchParams(request.body).get('logout_token');
  if (!token) return noEvents('unauthorized', 'the form has no logout_token', ANSWERS.unauthorized);
  const proof = await proveToken(token, settings, LOGOUT_TOKEN, context);
  if (proof.kind === 'unavailable') return noEvents('retry', proof.reason, ANSWERS.retry);
  if (proof.kind === 'unproven') return noEvents('unauthorized', proof.reason, ANSWERS.unauthorized);
  if (!z.safeParse(logoutClaims, proof.claims).success) {
    return noEvents('unauthorized', 'this is a token, but not a logout token', ANSWERS.unauthorized);
  }
  return conclude(judgeLogout(proof, context.now), ANSWERS);
}

function judgeLogout({ claims, issuer, issuedAt }: ProvenToken, now: Instant): Element {
  const reading = readPart(subject, claims);
  if (reading.kind === 'bad') return reading;
  const { sub, sid, jti } = reading.value;
  if (!sub && !sid) return foreign(CLAIM_IS_MISSING);
  const at = instantOf(issuedAt * 1_000);
  return sessionEvent({ tenant: `oidc:${issuer}`, user: sub, session: sid, kind: 'logout', at, id: jti }, now);
}

const NO_STORE = { 'cache-control': 'no-store' };

const ANSWERS: Answers = {
  events: empty(200, NO_STORE),
  ignore: empty(200, NO_STORE),
  reject: json(400, { error: 'invalid_request' }, NO_STORE),
  unauthorized: json(400, { error: 'invalid_request' }, NO_STORE),
  retry: empty(503, NO_STORE),
};

/** The type is only recommended, and some providers send `JWT`. Some send no expiry, which then is five minutes. */
const LOGOUT_TOKEN: TokenRules = {
  types: ['logout+jwt', 'jwt'],
  mayLackType: true,
  requiresExpiry: false,
  oldest: CLOCK_SKEW,
  requires: ['jti', 'events'],
};

/** A logout token differs from an ID token: it has the events claim and no nonce. */
const logoutClaims = z.object({
  events: z.object({ 'http://schemas.openid.net/event/backchannel-logout': z.looseObject({}) }),
  nonce: z.optional(z.never()),
});

const subject = z.object({ sub: z.nullish(z.string()), sid: z.nullish(z.string()), jti: z.string() });
