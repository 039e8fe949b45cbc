import type { Receipt } from '../../shared/licensing/login/receipt.ts';
import { CLOCK_SKEW, plus } from '../../shared/licensing/time.ts';
import type { Log } from '../../shared/platform/log.ts';
import { type ErrorAnswer, invalidRequest } from '../../shared/platform/validation.ts';
import { measuredLogIn } from '../../shared/sign-in/sessions/measured-log-in.ts';
import type { LoginDeps } from '../../shared/sign-in/sessions/read-round.ts';
import type { LoginEvent } from './login-request.ts';

/** Answers a direct call of `login` with the receipt. Throws `TryAgain` when nothing could be decided in time. */
export async function answerLogin(
  deps: LoginDeps & { readonly log: Log },
  event: LoginEvent,
): Promise<Receipt | ErrorAnswer> {
  const { tenant, user, session, kind, claims } = event;
  const now = deps.clock.now();
  const at = event.at ?? now;
  if (at > plus(now, CLOCK_SKEW)) return invalidRequest([{ place: 'at', text: 'must not be in the future' }]);

  const named = session === undefined || session === null ? {} : { session };
  const receipt = await measuredLogIn(deps, { tenant, user, ...named, kind, at, claims, actor: 'login' });
  const { outcome, reason, step, attempts } = receipt;
  deps.log('login', { tenant, outcome, reason, step, attempts });
  return receipt;
}
