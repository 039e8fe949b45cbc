import type { Clock } from '../../shared/platform/clock.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { type AccessTokenSettings, readAccessToken } from '../../shared/sign-in/providers/access-token.ts';
import type { KeySets } from '../../shared/sign-in/providers/key-sets.ts';
import type { Identify } from './caller.ts';

type IdentifyDeps = { readonly clock: Clock; readonly keySets: KeySets };

/**
 * Who calls, from the request's access token. It is proven here although API Gateway's authorizer has proven it before:
 * that a route without an authorizer is open to nobody must not hang on the route's settings, the authorizer also takes
 * id tokens, and it passes claims on as texts, in which a list of roles and one strange role look the same.
 */
export function identifyByToken({ clock, keySets }: IdentifyDeps, settings: AccessTokenSettings): Identify {
  return async ({ headers }) => {
    const [, token] = BEARER.exec(headers['authorization'] ?? '') ?? [];
    if (token === undefined) return { refused: 'unauthorized', reason: 'there is no bearer token' };
    const answer = await readAccessToken(token, settings, { now: clock.now(), keySets });
    if ('unavailable' in answer) throw new TryAgain(answer.unavailable);
    if ('unproven' in answer) return { refused: 'unauthorized', reason: answer.unproven };
    if (!('withoutRole' in answer)) return answer;
    return { refused: 'forbidden', reason: answer.withoutRole, actor: answer.actor };
  };
}

const BEARER = /^Bearer +([\w.~+/-]+=*) *$/i;
