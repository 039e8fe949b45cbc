import type { Receipt } from '../../licensing/login/receipt.ts';
import type { Idempotency } from './idempotency.ts';
import { type Login, logIn } from './log-in.ts';
import type { LoginDeps } from './read-round.ts';

/**
 * A login, measured: its outcome (`undecided` when it failed), how long it took, and how many of its attempts another
 * writer made vain. Nothing that names a person or a tenant.
 */
export async function measuredLogIn<Told = never>(
  deps: LoginDeps,
  login: Login,
  once?: Idempotency<Told, Receipt>,
): Promise<Receipt | Told> {
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

/** What was told before is not a login again. */
function isReceipt<Told>(answer: Receipt | Told): answer is Receipt {
  return typeof answer === 'object' && answer !== null && 'attempts' in answer;
}
