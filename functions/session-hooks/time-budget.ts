import type { HookRequest } from '../../shared/sign-in/providers/hook-request.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';

/**
 * Waits for the work for at most so many milliseconds. Late work stands still when the function has answered, because
 * Lambda freezes the process. It goes on at the next call, seconds or hours later, or never.
 */
export type Within = <Answer>(
  milliseconds: number,
  work: Promise<Answer>,
) => Promise<{ readonly kind: 'done'; readonly answer: Answer } | { readonly kind: 'late' }>;

export const within: Within = async (milliseconds, work) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ readonly kind: 'late' }>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'late' }), milliseconds);
  });
  try {
    return await Promise.race([work.then((answer) => ({ kind: 'done', answer }) as const), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** How long each provider waits for the answer, less the time of its way, in milliseconds. */
const BUDGETS: Readonly<Partial<Record<Provider, number>>> = {
  entra: 1_500,
  okta: 2_500,
  cognito: 4_000,
  auth0: 5_000,
};

/** For calls that hold up no login. It is less than the function's own timeout. */
const OTHERWISE = 9_000;

export function timeBudget(provider: Provider, { delivery }: HookRequest): number {
  return delivery === 'eventbridge' ? OTHERWISE : (BUDGETS[provider] ?? OTHERWISE);
}
