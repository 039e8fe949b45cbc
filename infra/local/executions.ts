import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import {
  functionScheduled,
  functionSucceeded,
  historyOf,
  type NewHistoryEvent,
  stateEntered,
} from './execution-history.ts';
import type { Execution, ExecutionStore } from './execution-store.ts';
import { type ExecutionContext, type Json, type Outcome, readDefinition, runState } from './state-machine.ts';
import { endOfWait } from './wait-state.ts';

export type Executions = DueWork & {
  readonly start: (
    execution: Pick<Execution, 'arn' | 'name' | 'input' | 'definition'> & { readonly machineArn: string },
  ) => Execution;
  readonly stop: (arn: string, reason: { error?: string | undefined; cause?: string | undefined }) => void;
};

/**
 * Runs executions state by state. After each top-level state, the next one is stored with its input before it begins. A
 * stack that was killed therefore continues there, and repeats at most that state. A wait is a stored moment that the
 * clock passes, and not a timer.
 */
export function openExecutions(
  store: ExecutionStore,
  { clock, invoke }: { readonly clock: Clock; readonly invoke: (arn: string, input: Json) => Promise<Json> },
): Executions {
  const underWay = new Map<string, Promise<void>>();
  const aborts = new Map<string, () => void>();
  let halted = false;

  function startDue(): void {
    for (const { arn } of halted ? [] : store.due(clock.now())) {
      if (!underWay.has(arn)) {
        underWay.set(
          arn,
          advance(arn).finally(() => underWay.delete(arn)),
        );
      }
    }
  }

  async function advance(arn: string): Promise<void> {
    for (let step = store.get(arn); step?.status === 'RUNNING'; step = store.get(arn)) {
      const outcome = await oneState(step).catch(
        (error: unknown): Outcome => ({ kind: 'failed', error: 'States.Runtime', cause: String(error) }),
      );
      if (outcome === 'waits' || halted) return;
      store.together(() => {
        // The execution may have been stopped while the state ran.
        if (store.get(arn)?.status === 'RUNNING') keep(arn, outcome);
      });
    }
  }

  async function oneState(execution: Execution): Promise<Outcome | 'waits'> {
    const { arn, state: name } = execution;
    const definition = readDefinition(execution.definition);
    const input: Json = JSON.parse(execution.state_input);
    const context = contextOf(execution, clock.now());
    const state = definition.States[name];
    const isWait = state?.Type === 'Wait';
    if (isWait && execution.due_at === null) {
      const dueAt = await endOfWait(state, input, context, clock.now());
      store.record(arn, stateEntered(name, 'Wait', input, clock.now()));
      store.change(arn, { due_at: dueAt });
      if (dueAt > clock.now()) return 'waits';
    }
    const record = (entry: NewHistoryEvent) => {
      if (!halted) store.record(arn, entry);
    };
    return runState(definition, name, input, {
      context,
      async invoke(functionArn, given) {
        // The library reports a state a moment after entering it.
        await setImmediate();
        record(functionScheduled(functionArn, given, clock.now()));
        const output = await invoke(functionArn, given);
        record(functionSucceeded(output, clock.now()));
        return output;
      },
      onEvent(event) {
        const isKnown = isWait && event.type === 'StateEntered';
        for (const entry of isKnown ? [] : historyOf(event, clock.now())) record(entry);
      },
      onStart: (abort) => aborts.set(arn, abort),
    }).finally(() => aborts.delete(arn));
  }

  function keep(arn: string, outcome: Outcome): void {
    const now = clock.now();
    switch (outcome.kind) {
      case 'next':
        store.change(arn, { state: outcome.state, state_input: JSON.stringify(outcome.input), due_at: null });
        return;
      case 'succeeded': {
        const output = JSON.stringify(outcome.output);
        store.record(arn, {
          type: 'ExecutionSucceeded',
          timestamp: now / 1000,
          executionSucceededEventDetails: { output },
        });
        store.change(arn, { status: 'SUCCEEDED', stopped_at: now, output });
        return;
      }
      case 'failed': {
        const { error, cause } = outcome;
        store.record(arn, {
          type: 'ExecutionFailed',
          timestamp: now / 1000,
          executionFailedEventDetails: { error, cause },
        });
        store.change(arn, { status: 'FAILED', stopped_at: now, error, cause });
      }
    }
  }

  return {
    start({ arn, machineArn, name, input, definition }) {
      const now = clock.now();
      const { StartAt } = readDefinition(definition);
      store.create({
        arn,
        machine_arn: machineArn,
        name,
        input,
        definition,
        started_at: now,
        state: StartAt,
        state_input: input,
      });
      store.record(arn, { type: 'ExecutionStarted', timestamp: now / 1000, executionStartedEventDetails: { input } });
      queueMicrotask(startDue);
      const created = store.get(arn);
      if (created === undefined) throw new Error(`${arn} was not stored`);
      return created;
    },
    stop(arn, { error, cause }) {
      const now = clock.now();
      const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
      store.record(arn, { type: 'ExecutionAborted', timestamp: now / 1000, executionAbortedEventDetails: details });
      store.change(arn, { status: 'ABORTED', stopped_at: now, error: error ?? null, cause: cause ?? null });
      aborts.get(arn)?.();
    },
    startDue,
    async settle() {
      const busy = underWay.size > 0;
      while (underWay.size > 0) await Promise.all(underWay.values());
      return busy;
    },
    halt() {
      halted = true;
      for (const abort of aborts.values()) abort();
    },
  };
}

function contextOf({ arn, name, input, started_at, machine_arn, state }: Execution, now: number): ExecutionContext {
  const startTime = new Date(started_at).toISOString();
  return {
    Execution: { Id: arn, Name: name },
    StateMachine: { Id: machine_arn, Name: machine_arn.split(':').at(-1) },
    State: { Name: state, EnteredTime: new Date(now).toISOString(), RetryCount: 0 },
    Started: { Input: JSON.parse(input), At: startTime },
  };
}
