import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import * as z from 'zod/mini';
import type { ExecutionContext, Json, State } from './state-machine.ts';

/** Returns the moment at which a `Wait` state ends that begins at `now`. */
export async function endOfWait(state: State, input: Json, context: ExecutionContext, now: number): Promise<number> {
  const pointedTo = (path: unknown) => evaluatePath(String(path), state, input, context);
  if (state['Timestamp'] !== undefined || state['TimestampPath'] !== undefined) {
    const timestamp = String(state['Timestamp'] ?? (await pointedTo(state['TimestampPath'])));
    const moment = Date.parse(timestamp);
    if (Number.isNaN(moment)) throw new Error(`A wait until "${timestamp}", which is no moment`);
    return moment;
  }
  const seconds = Number(state['Seconds'] ?? (await pointedTo(state['SecondsPath'])));
  if (!(seconds >= 0)) throw new Error('A wait state needs a number of seconds');
  return now + seconds * 1000;
}

/** Returns the value of a path in this state, as the library evaluates it. */
async function evaluatePath(path: string, state: State, input: Json, context: ExecutionContext): Promise<unknown> {
  const pass: StateMachineDefinition = JSON.parse(
    JSON.stringify({
      StartAt: 'evaluate',
      States: {
        evaluate: { Type: 'Pass', InputPath: state['InputPath'], Parameters: { 'value.$': path }, End: true },
      },
    }),
  );
  const run = new StateMachine(pass, { validationOptions: { noValidate: true } }).run(input, {
    context: { ...context },
  });
  return z.object({ value: z.unknown() }).parse(await run.result).value;
}
