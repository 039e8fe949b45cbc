import { ExecutionError, type RunOptions, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod/mini';

/** JSON as the library types it: the input and the output of a state. */
export type Json = Parameters<StateMachine['run']>[0];
type Run = ReturnType<StateMachine['run']>;
export type LibraryEvent = Run['eventLogs'] extends AsyncGenerator<infer Event> ? Event : never;

const anyState = z.looseObject({ Type: z.string(), Resource: z.optional(z.string()) });
export type State = z.infer<typeof anyState>;
const machineDefinition = z.looseObject({ StartAt: z.string(), States: z.record(z.string(), anyState) });
export type Definition = z.infer<typeof machineDefinition>;

export type Outcome =
  | { readonly kind: 'next'; readonly state: string; readonly input: Json }
  | { readonly kind: 'succeeded'; readonly output: Json }
  | { readonly kind: 'failed'; readonly error: string; readonly cause: string };

/** The context object, `$$`. */
export type ExecutionContext = Readonly<Record<string, unknown>>;

export type Surroundings = {
  readonly context: ExecutionContext;
  /** Invokes a function by its ARN. Throws the function's error with its type as the name. */
  readonly invoke: (arn: string, input: Json) => Promise<Json>;
  readonly onEvent: (event: LibraryEvent) => void;
  /** Receives a function that stops the state. */
  readonly onStart: (abort: () => void) => void;
};

/** Reads a definition. Throws for a definition that would run differently here than on AWS. */
export function readDefinition(text: string): Definition {
  // The library overwrites these two with the values of one run, and it runs once for each state here.
  const own = text
    .replaceAll('$$.Execution.Input', () => '$$.Started.Input')
    .replaceAll('$$.Execution.StartTime', () => '$$.Started.At');
  const definition = machineDefinition.parse(JSON.parse(own));
  for (const [name, state, depth] of statesWithin(definition.States)) {
    if (depth > 0 && state.Type === 'Wait') {
      throw new Error(`"${name}" waits inside a Map or Parallel: the local stack waits at the top level only`);
    }
    if (state.Type === 'Task' && !/^arn:aws:(lambda:|states:::lambda:invoke$)/.test(state.Resource ?? '')) {
      throw new Error(`"${name}": the local stack calls functions only, not ${state.Resource}`);
    }
    if (state['QueryLanguage'] === 'JSONata' || definition['QueryLanguage'] === 'JSONata') {
      throw new Error(`"${name}" uses JSONata: the local stack knows JSONPath only`);
    }
  }
  return definition;
}

/**
 * Runs one top-level state to its end with its paths, retries and catches, by the library. All other states are
 * replaced by stubs that only report which state came next, so that the caller can store it before it continues.
 */
export async function runState(
  definition: Definition,
  name: string,
  input: Json,
  { context, invoke, onEvent, onStart }: Surroundings,
): Promise<Outcome> {
  const state = definition.States[name];
  if (state === undefined) {
    return { kind: 'failed', error: 'States.Runtime', cause: `The definition has no state "${name}"` };
  }
  let next: { state: string; input: Json } | undefined;
  const stubs = Object.keys(definition.States).filter((other) => other !== name);
  const cut: StateMachineDefinition = JSON.parse(
    JSON.stringify({
      StartAt: name,
      States: { ...Object.fromEntries(stubs.map((other) => [other, STUB])), [name]: withPatience(state) },
    }),
  );
  const handlers: NonNullable<RunOptions['overrides']>['taskResourceLocalHandlers'] = {};
  for (const other of stubs) {
    handlers[other] = (given) => {
      next = { state: other, input: given };
      return given;
    };
  }
  for (const [task, { Type, Resource = '' }] of statesWithin({ [name]: state })) {
    if (Type === 'Task') handlers[task] = (given) => callTask(Resource, given, invoke);
  }
  const run = new StateMachine(cut, { validationOptions: { noValidate: true } }).run(input, {
    overrides: { taskResourceLocalHandlers: handlers, waitTimeOverrides: { [name]: 0 } },
    context: { ...context },
  });
  onStart(run.abort);
  const [outcome] = await Promise.all([conclude(run.result, () => next), forward(run.eventLogs, stubs, onEvent)]);
  return outcome;
}

const STUB = { Type: 'Task', Resource: 'arn:aws:lambda:::function:stub', End: true };
/** The library ends a task after 60 s, while AWS waits forever. The function's own timeout ends it earlier. */
const PATIENCE_SECONDS = 24 * 3600;

function* statesWithin(
  states: Record<string, State>,
  depth = 0,
): Generator<[name: string, state: State, depth: number]> {
  for (const [name, state] of Object.entries(states)) {
    yield [name, state, depth];
    for (const inner of innerMachines(state)) yield* statesWithin(inner.States, depth + 1);
  }
}

function innerMachines(state: State): Definition[] {
  const inner = [
    state['ItemProcessor'],
    state['Iterator'],
    ...(Array.isArray(state['Branches']) ? state['Branches'] : []),
  ];
  return inner.flatMap((machine) => machineDefinition.safeParse(machine).data ?? []);
}

function withPatience(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPatience);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPatience(inner)]));
  return copy['Type'] === 'Task' && !('TimeoutSecondsPath' in copy)
    ? { TimeoutSeconds: PATIENCE_SECONDS, ...copy }
    : copy;
}

const lambdaInvoke = z.object({ FunctionName: z.string(), Payload: z._default(z.unknown(), {}) });

async function callTask(resource: string, input: Json, invoke: Surroundings['invoke']): Promise<Json> {
  if (resource.startsWith('arn:aws:lambda:')) return invoke(resource, input);
  const { FunctionName, Payload } = lambdaInvoke.parse(input);
  const payload: Json = JSON.parse(JSON.stringify(Payload));
  return { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: await invoke(FunctionName, payload) };
}

async function conclude(
  result: Promise<Json>,
  next: () => { state: string; input: Json } | undefined,
): Promise<Outcome> {
  try {
    const output = await result;
    const followed = next();
    return followed === undefined ? { kind: 'succeeded', output } : { kind: 'next', ...followed };
  } catch (error) {
    const reason = error instanceof ExecutionError ? error.cause : error;
    return reason instanceof Error
      ? { kind: 'failed', error: reason.name, cause: reason.message }
      : { kind: 'failed', error: 'States.Runtime', cause: String(reason) };
  }
}

/** Leaves out the events of the stubs and of the run itself, which is only a part of the execution. */
async function forward(
  events: Run['eventLogs'],
  stubs: readonly string[],
  onEvent: (event: LibraryEvent) => void,
): Promise<void> {
  for await (const event of events) {
    const isStub = 'state' in event && stubs.includes(event.state.name);
    if (!isStub && !event.type.startsWith('Execution')) onEvent(event);
  }
}
