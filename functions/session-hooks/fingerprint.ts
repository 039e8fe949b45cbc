import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import { derivedId, type SessionEvent } from '../../shared/sign-in/providers/session-event.ts';
import { isAction } from './answer.ts';

/**
 * Hashes what identifies a repeated event: the signed body where a body is made once; the event's content where batches
 * are cut anew, tokens signed anew, or bodies numbered anew. Cognito's triggers and Entra's extension have no id, only
 * a minute, in which a user may log in, out and in again: each of their calls is judged.
 */
export function fingerprintOf(
  provider: Provider,
  request: HookRequest,
  { tenant, user, session, kind, at }: SessionEvent,
): { readonly fingerprint?: string } {
  const said = derivedId(tenant, user, session, kind, at);
  switch (provider) {
    case 'standard-webhooks':
      return { fingerprint: derivedId(request.body) };
    case 'auth0':
      return { fingerprint: isAction(request) ? derivedId(request.body) : said };
    case 'entra':
      return {};
    case 'cognito':
      return request.delivery === 'lambda-invoke' ? {} : { fingerprint: said };
    case 'okta':
    case 'keycloak':
    case 'oidc-backchannel':
    case 'ssf':
      return { fingerprint: said };
  }
}
