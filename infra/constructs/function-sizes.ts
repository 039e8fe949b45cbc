import type { FunctionCard } from '../../functions/function-card.ts';
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from '../../functions/functions.ts';

export type FunctionSizes = Readonly<Partial<Record<FunctionName, number>>>;

/** The functions for which users wait. No flood of anything else may take their executions. */
const SIGN_IN = ['login', 'end-session', 'session-hooks'] as const satisfies readonly FunctionName[];

/** How many concurrent executions they have together at most. */
const MOST_FOR_SIGN_IN = 300;

/**
 * Returns how many concurrent executions are reserved for each function: as its card says, or the context in the form
 * `login:150,session-hooks:100`. A trial stage reserves only what its context names, because an account must keep 100
 * executions unreserved, and a new account may have few.
 */
export function concurrencyOf(stage: 'production' | 'trial', context: unknown): FunctionSizes {
  const given = functionSizes('concurrency', context);
  const sizes = stage === 'production' ? { ...BY_CARD, ...given } : given;
  const forSignIn = SIGN_IN.reduce((sum, name) => sum + (sizes[name] ?? 0), 0);
  if (forSignIn > MOST_FOR_SIGN_IN) {
    throw new Error(
      `-c concurrency reserves ${forSignIn} executions for ${SIGN_IN.join(', ')}: ${MOST_FOR_SIGN_IN} is the most`,
    );
  }
  return sizes;
}

/** Functions that may have warm executions. Their callers call them by an alias. */
const MAY_BE_WARM: readonly FunctionName[] = [...SIGN_IN, 'admin-api'];

/**
 * Returns how many executions of a function are kept warm (provisioned concurrency), as the context `session-hooks:2`
 * says. The default is 0, because a warm execution costs money also without calls.
 */
export function warmOf(reserved: FunctionSizes, context: unknown): FunctionSizes {
  const warm = functionSizes('warm', context);
  for (const name of FUNCTION_NAMES) {
    const size = warm[name];
    if (size === undefined) continue;
    if (!MAY_BE_WARM.includes(name)) {
      throw new Error(`-c warm: ${name} cannot be kept warm, only ${MAY_BE_WARM.join(', ')}`);
    }
    if (size > (reserved[name] ?? size)) {
      throw new Error(`-c warm: ${name} has ${reserved[name]} executions, so ${size} of them cannot be warm`);
    }
  }
  return warm;
}

const BY_CARD: FunctionSizes = Object.fromEntries(
  FUNCTION_NAMES.flatMap((name) => {
    const { concurrency }: FunctionCard = FUNCTIONS[name];
    return concurrency === undefined ? [] : [[name, concurrency]];
  }),
);

/** Reads `login:150,session-hooks:100`: a number for each named function. */
function functionSizes(name: string, context: unknown): FunctionSizes {
  const sizes: Partial<Record<FunctionName, number>> = {};
  if (context === undefined) return sizes;
  for (const part of String(context).split(',')) {
    const [, given, size] = /^([a-z-]+):([1-9]\d{0,3})$/.exec(part.trim()) ?? [];
    const known = FUNCTION_NAMES.find((one) => one === given);
    if (known === undefined || sizes[known] !== undefined) {
      throw new Error(
        `-c ${name}=${String(context)} is not a list such as login:150,session-hooks:100, of names of functions, each once`,
      );
    }
    sizes[known] = Number(size);
  }
  return sizes;
}
