import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import { derivedId, type SessionEvent } from '../../shared/sign-in/providers/session-event.ts';
import { isAction } from './answer.ts';

/**
 * Returns a hash of everything that two deliveries of one event have in common. It is made from the signed body if the
 * provider sends the same body again, and from the event if the provider splits batches, signs tokens or numbers bodies
 * again. Cognito's triggers and Entra's extension have no fingerprint. Their events have no id but the minute, in which
 * a user may log in, out, and in again, so each of their calls is judged.
 */
export function fingerprintOf(
  provider: Provider,
  request: HookRequest,
  { tenant, user, session, kind, at }: SessionEvent,
): { readonly fingerprint?: string } {
  const ofEvent = derivedId(tenant, user, session, kind, at);
  switch (provider) {
    case 'standard-webhooks':
      return { fingerprint: derivedId(request.body) };
    case 'auth0':
      return { fingerprint: isAction(request) ? derivedId(request.body) : ofEvent };
    case 'entra':
      return {};
    case 'cognito':
      return request.delivery === 'lambda-invoke' ? {} : { fingerprint: ofEvent };
    case 'okta':
    case 'keycloak':
    case 'oidc-backchannel':
    case 'ssf':
      return { fingerprint: ofEvent };
  }
}
