import type { Receipt } from '../../licensing/login/receipt.ts';
import type { Login } from './decide-login.ts';
import type { Idempotency } from './idempotency.ts';
import { logIn } from './log-in.ts';
import type { LoginDeps } from './read-round.ts';

/**
 * Logs a user in and measures it: the outcome (`undecided` when it failed), the duration, and how many attempts failed
 * because of other writers. The measurement names no person and no tenant.
 */
export async function measuredLogIn<Earlier = never>(
  deps: LoginDeps,
  login: Login,
  once?: Idempotency<Earlier, Receipt>,
): Promise<Receipt | Earlier> {
  const began = Date.parse(deps.clock.now());
  const measure = (outcome: string, attempts: object): void => {
    const latency = { Logins: 1, LoginLatency: Date.parse(deps.clock.now()) - began };
    deps.measure?.({ ...latency, ...attempts }, { Outcome: outcome }, [[], ['Outcome']]);
  };
  try {
    const answer = await logIn(deps, login, once);
    if (isReceipt(answer)) {
      measure(answer.outcome, { LoginAttempts: answer.attempts, LoginConflicts: answer.attempts - 1 });
    }
    return answer;
  } catch (error) {
    measure('undecided', {});
    throw error;
  }
}

/** The repeated answer of an earlier call does not count as a login. */
function isReceipt<Earlier>(answer: Receipt | Earlier): answer is Receipt {
  return typeof answer === 'object' && answer !== null && 'attempts' in answer;
}
