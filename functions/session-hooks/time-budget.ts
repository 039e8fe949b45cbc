import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';

/** Gives up waiting for the work after this many milliseconds; the work itself goes on. */
export type Within = <Answer>(milliseconds: number, work: Promise<Answer>) => Promise<Answer | 'late'>;

export const within: Within = async (milliseconds, work) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** How long a provider waits, less the network, in milliseconds. Only these logins wait. */
const BUDGETS: Readonly<Partial<Record<Provider, number>>> = { entra: 800, okta: 2_500, cognito: 4_000, auth0: 5_000 };

/** Less than the function's own time. */
const OTHERWISE = 9_000;

export function timeBudget(provider: Provider, { delivery }: HookRequest): number {
  return delivery === 'eventbridge' ? OTHERWISE : (BUDGETS[provider] ?? OTHERWISE);
}
