import { defined } from '../../shared/licensing/defined.ts';
import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { addClaims } from '../../shared/sign-in/providers/cognito.ts';
import { provideClaims } from '../../shared/sign-in/providers/entra.ts';
import { empty, type HookResponse, json } from '../../shared/sign-in/providers/hook-outcome.ts';
import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import { isTokenHook, patchTokens, refuseTokens } from '../../shared/sign-in/providers/okta.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import type { SessionEventKind } from '../../shared/sign-in/providers/session-event.ts';
import { receipt as receiptOf } from '../../shared/store/items.ts';
import { licenseClaims, PENDING, refusalText } from './license-claim.ts';

/** Refuses the login with words that the user may see. Cognito accepts that only as an error. */
export class LoginRefused extends Error {
  override readonly name = 'LoginRefused';
}

export type Granted = { readonly kind: SessionEventKind; readonly receipt: Receipt };

/**
 * Returns the answer with the license, for providers that wait for one; undefined for the others. Throws `LoginRefused`
 * to Cognito, and only where the tenant's setting refuses a login without a license.
 */
export function answerWithLicense(
  provider: Provider,
  request: HookRequest,
  { kind, receipt }: Granted,
  refuseWithoutLicense: boolean,
): HookResponse | undefined {
  const claims = licenseClaims(receipt);
  const refusal = refuseWithoutLicense && kind === 'login' ? refusalText(receipt) : undefined;
  switch (provider) {
    case 'cognito':
      if (refusal !== undefined) throw new LoginRefused(refusal);
      return { status: 200, headers: {}, body: addClaims(request.body, claims) };
    case 'entra':
      return provideClaims(claims);
    case 'okta':
      if (!isTokenHook(request.body)) return undefined;
      return refusal === undefined ? patchTokens(claims) : refuseTokens(refusal);
    case 'auth0':
      return isAction(request) ? json(200, defined({ claims, deny: refusal })) : undefined;
    case 'standard-webhooks':
      // Decoded by its schema, so that a repeated answer is the same to the byte.
      return kind === 'login' ? json(200, receiptOf.parse(receipt)) : undefined;
    case 'keycloak':
    case 'oidc-backchannel':
    case 'ssf':
      return undefined;
  }
}

/**
 * Returns the answer for a call without a decision, because the time is over or the table does not answer (R23): a
 * provider that waits lets the user in without a license; one that only reports an event is asked to send it again.
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

/** The id belongs to another event. Entra would keep the user out on any answer but its own. */
export function answerConflict(provider: Provider): HookResponse {
  return provider === 'entra' ? provideClaims(PENDING) : empty(409);
}

/** A post-login Action signs its call; a log stream does not. */
export function isAction({ headers }: HookRequest): boolean {
  return headers.has('webhook-signature');
}
