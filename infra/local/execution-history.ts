import * as z from 'zod/mini';
import type { LibraryEvent } from './state-machine.ts';

/**
 * An event of an execution, as `GetExecutionHistory` returns it. The details have a member of their own for each type.
 */
export type HistoryEvent = Record<string, unknown> & {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Seconds since 1970, by the stack's clock. */
  readonly timestamp: number;
};

const historyRow = z.object({ id: z.number(), event: z.string() });
const storedEvent = z.looseObject({ type: z.string(), timestamp: z.number() });

export function readHistoryEvent(row: unknown): HistoryEvent {
  const { id, event } = historyRow.parse(row);
  return { id, previousEventId: id - 1, ...storedEvent.parse(JSON.parse(event)) };
}

export type NewHistoryEvent = Omit<HistoryEvent, 'id' | 'previousEventId'>;

/**
 * Returns the library's events under the names of AWS. The calls of functions have `functionScheduled` and
 * `functionSucceeded`.
 */
export function historyOf(event: LibraryEvent, now: number): NewHistoryEvent[] {
  const timestamp = now / 1000;
  switch (event.type) {
    case 'StateEntered':
      return [stateEntered(event.state.name, event.state.type, event.state.input, now)];
    case 'StateExited': {
      const { name, type, output = null } = event.state;
      const stateExitedEventDetails = { name, output: JSON.stringify(output) };
      return [{ type: `${type}StateExited`, timestamp, stateExitedEventDetails }];
    }
    case 'StateFailed': {
      const { Error: error, Cause: cause } = event;
      const details = { error, cause: typeof cause === 'string' ? cause : JSON.stringify(cause) };
      return event.state.type === 'Task'
        ? [{ type: 'LambdaFunctionFailed', timestamp, lambdaFunctionFailedEventDetails: details }]
        : [{ type: `${event.state.type}StateFailed`, timestamp, executionFailedEventDetails: details }];
    }
    case 'MapIterationStarted':
    case 'MapIterationSucceeded':
    case 'MapIterationFailed': {
      const details = { name: event.parentState.name, index: event.index };
      const key = `${event.type.charAt(0).toLowerCase()}${event.type.slice(1)}EventDetails`;
      return [{ type: event.type, timestamp, [key]: details }];
    }
    default:
      return [];
  }
}

export function stateEntered(name: string, type: string, input: unknown, now: number): NewHistoryEvent {
  return {
    type: `${type}StateEntered`,
    timestamp: now / 1000,
    stateEnteredEventDetails: { name, input: JSON.stringify(input) },
  };
}

export function functionScheduled(resource: string, input: unknown, now: number): NewHistoryEvent {
  return {
    type: 'LambdaFunctionScheduled',
    timestamp: now / 1000,
    lambdaFunctionScheduledEventDetails: { resource, input: JSON.stringify(input) },
  };
}

export function functionSucceeded(output: unknown, now: number): NewHistoryEvent {
  return {
    type: 'LambdaFunctionSucceeded',
    timestamp: now / 1000,
    lambdaFunctionSucceededEventDetails: { output: JSON.stringify(output) },
  };
}
