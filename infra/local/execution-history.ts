import * as z from 'zod/mini';
import type { LibraryEvent } from './state-machine.ts';

/** As `GetExecutionHistory` answers it; the details stand under a key of their own per type. */
export interface HistoryEvent extends Record<string, unknown> {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Seconds since 1970, by the stack's clock. */
  readonly timestamp: number;
}

const Row = z.object({ id: z.number(), event: z.string() });
const Stored = z.looseObject({ type: z.string(), timestamp: z.number() });

export function readHistoryEvent(row: unknown): HistoryEvent {
  const { id, event } = Row.parse(row);
  return { id, previousEventId: id - 1, ...Stored.parse(JSON.parse(event)) };
}

export type NewHistoryEvent = Omit<HistoryEvent, 'id' | 'previousEventId'>;

/**
 * What the library tells, in the words of AWS. Of a task's life AWS has more events (scheduled, started); here are those
 * that say something: entered, failed, succeeded, left.
 */
export function historyOf(event: LibraryEvent, now: number): NewHistoryEvent[] {
  const timestamp = now / 1000;
  switch (event.type) {
    case 'StateEntered':
      return [stateEntered(event.state.name, event.state.type, event.state.input, now)];
    case 'StateExited': {
      const { name, type, output = null } = event.state;
      const details = { name, output: JSON.stringify(output) };
      return [
        ...(type === 'Task'
          ? [
              {
                type: 'LambdaFunctionSucceeded',
                timestamp,
                lambdaFunctionSucceededEventDetails: { output: details.output },
              },
            ]
          : []),
        { type: `${type}StateExited`, timestamp, stateExitedEventDetails: details },
      ];
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
