import { defined } from '../../shared/licensing/defined.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { addClaims } from '../../shared/sign-in/providers/cognito.ts';
import { provideClaims } from '../../shared/sign-in/providers/entra.ts';
import { empty, type HookResponse, json } from '../../shared/sign-in/providers/hook-outcome.ts';
import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import { isTokenHook, patchTokens, refuseTokens } from '../../shared/sign-in/providers/okta.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import type { SessionEventKind } from '../../shared/sign-in/providers/session-event.ts';
import { receipt as receiptSchema } from '../../shared/store/items.ts';
import { denialText, licenseClaims, PENDING } from './license-claim.ts';

/** Denies a login in words that the user may see. Cognito takes a denial only as an error. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
}

export type Granted = { readonly kind: SessionEventKind; readonly receipt: Receipt };

/**
 * Returns the response with the license, if the provider takes it from the response. Otherwise returns undefined.
 * Throws `LoginRefused` for Cognito if the tenant's settings refuse a login without a license.
 */
export function answerWithLicense(
  provider: Provider,
  request: HookRequest,
  { kind, receipt }: Granted,
  refuseWithoutLicense: boolean,
): HookResponse | undefined {
  const claims = licenseClaims(receipt);
  const denial = refuseWithoutLicense && kind === 'login' ? denialText(receipt) : undefined;
  switch (provider) {
    case 'cognito':
      if (denial !== undefined) throw new LoginRefused(denial);
      return { status: 200, headers: {}, body: addClaims(request.body, claims) };
    case 'entra':
      return provideClaims(claims);
    case 'okta':
      if (!isTokenHook(request.body)) return undefined;
      return denial === undefined ? patchTokens(claims) : refuseTokens(denial);
    case 'auth0':
      return isAction(request) ? json(200, defined({ claims, deny: denial })) : undefined;
    case 'standard-webhooks':
      // The schema puts the members in order, so that a repeated answer is the same to the byte.
      return kind === 'login' ? json(200, receiptSchema.parse(receipt)) : undefined;
    case 'keycloak':
    case 'oidc-backchannel':
    case 'ssf':
      return undefined;
  }
}

/**
 * Returns the response when the time is over or the table does not answer (R23). A provider that waits lets the user
 * in, without a license. A provider that only reports an event has to send it again.
 */
export function answerUndecided(provider: Provider, request: HookRequest): HookResponse {
  if (provider === 'cognito' && request.delivery === 'lambda-invoke') {
    return { status: 200, headers: {}, body: request.body };
  }
  if (provider === 'entra') return provideClaims(PENDING);
  if (provider === 'okta' && isTokenHook(request.body)) return empty(204);
  if (provider === 'auth0' && isAction(request)) return json(200, { claims: PENDING });
  return empty(503, { 'cache-control': 'no-store' });
}

/**
 * Returns the response to an event whose id belongs to another event. Entra fails the login for every answer that is
 * not its own.
 */
export function answerConflict(provider: Provider): HookResponse {
  return provider === 'entra' ? provideClaims(PENDING) : empty(409);
}

/** Returns whether Auth0's post-login Action calls. It signs its calls, and a log stream does not. */
export function isAction({ headers }: HookRequest): boolean {
  return headers.has('webhook-signature');
}
