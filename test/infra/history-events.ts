export type State = {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Record<string, string>;
  readonly ItemSelector?: Record<string, string>;
  readonly Retry?: readonly {
    ErrorEquals: string[];
    MaxAttempts: number;
    JitterStrategy?: string;
    BackoffRate?: number;
  }[];
  readonly Catch?: readonly { ErrorEquals: string[]; Next: string; ResultPath: string | null }[];
  readonly ItemProcessor?: { readonly StartAt: string; readonly States: Record<string, State> };
};

export type Definition = {
  readonly StartAt: string;
  readonly States: Record<string, State>;
};

/** Every state is entered and left. A task is scheduled, started and succeeds; each try before that failed likewise. */
const ENTERED_AND_LEFT = 2;
const ONE_TRY = 3;
/** A map starts and succeeds, and so does each of its iterations. */
const STARTED_AND_SUCCEEDED = 2;

/**
 * The events that Step Functions writes into an execution's history, of which 25,000 are allowed: for a walk through
 * the states, of a map with its number of iterations.
 */
export function historyEvents(
  { States }: Definition,
  walk: readonly (readonly [state: string, iterations?: number])[],
  retried?: { readonly every: number; readonly times: number },
): number {
  const executionStartedAndSucceeded = 2;
  return walk.reduce(
    (sum, [name, iterations = 0]) => sum + eventsOf(States[name]!, iterations, retried),
    executionStartedAndSucceeded,
  );
}

function eventsOf(
  state: State,
  iterations: number,
  retried?: { readonly every: number; readonly times: number },
): number {
  switch (state.Type) {
    case 'Task':
      return ENTERED_AND_LEFT + ONE_TRY;
    case 'Map': {
      const inner = Object.values(state.ItemProcessor?.States ?? {}).reduce((sum, one) => sum + eventsOf(one, 0), 0);
      const tries = retried === undefined ? 0 : Math.ceil(iterations / retried.every) * retried.times * ONE_TRY;
      return ENTERED_AND_LEFT + STARTED_AND_SUCCEEDED + iterations * (STARTED_AND_SUCCEEDED + inner) + tries;
    }
    default:
      return ENTERED_AND_LEFT;
  }
}
