import type { Clock } from '../../shared/platform/clock.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import { type AccessTokenSettings, readAccessToken } from '../../shared/sign-in/providers/access-token.ts';
import type { KeySets } from '../../shared/sign-in/providers/key-sets.ts';
import type { Identify } from './caller.ts';

type IdentifyDeps = { readonly clock: Clock; readonly keySets: KeySets };

/**
 * Returns a function that identifies the caller by the access token. The token is verified here, although API Gateway's
 * authorizer has verified it before, for three reasons. A route that lost its authorizer by mistake must stay closed.
 * The authorizer also accepts ID tokens. And it passes claims as text, in which a list of roles looks like one strange
 * role.
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
