import * as z from 'zod/mini';
import { CLOCK_SKEW, instantOf } from '../../licensing/time.ts';
import { type Answers, conclude, empty, type HookOutcome, json, without } from './hook-outcome.ts';
import type { HookContext, HookRequest, HookSettings } from './hook-request.ts';
import { type Element, readElement, sessionEvent } from './session-event.ts';
import { CLAIM_IS_MISSING, proveToken, type TokenRules } from './signed-token.ts';

/** OpenID Connect Back-Channel Logout 1.0: a form with a `logout_token`. */
export async function readBackchannelLogout(
  request: HookRequest,
  settings: HookSettings,
  context: HookContext,
): Promise<HookOutcome> {
  const token = new URLSearchParams(request.body).get('logout_token');
  if (!token) return without('unauthorized', 'the form has no logout_token', ANSWERS.unauthorized);
  const proof = await proveToken(token, settings, LOGOUT_TOKEN, context);
  if ('unavailable' in proof) return without('retry', proof.unavailable, ANSWERS.retry);
  if ('unproven' in proof) return without('unauthorized', proof.unproven, ANSWERS.unauthorized);
  if (!z.safeParse(logoutClaims, proof.claims).success) {
    return without('unauthorized', 'this is a token, but not a logout token', ANSWERS.unauthorized);
  }
  const element = readElement(subject, proof.claims, ({ sub, sid, jti }): Element => {
    if (!sub && !sid) return { foreign: CLAIM_IS_MISSING };
    const at = instantOf(proof.issuedAt * 1_000);
    const tenantId = `oidc:${proof.issuer}`;
    return sessionEvent({ tenant: tenantId, user: sub, session: sid, kind: 'logout', at, id: jti }, context.now);
  });
  return conclude(element, ANSWERS);
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
