import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { type HistoryEvent, readHistoryEvent } from './execution-history.ts';
import { transaction } from './state.ts';

const executionStatus = z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'ABORTED']);
export type Status = z.infer<typeof executionStatus>;

const text = z.nullable(z.string());
const storedExecution = z.object({
  arn: z.string(),
  machine_arn: z.string(),
  name: z.string(),
  input: z.string(),
  /** The definition at the start. A running execution keeps it, as on AWS. */
  definition: z.string(),
  status: executionStatus,
  started_at: z.number(),
  stopped_at: z.nullable(z.number()),
  output: text,
  error: text,
  cause: text,
  /** The top-level state that it is in or enters next, with that state's input. */
  state: z.string(),
  state_input: z.string(),
  /** When its wait ends, or null if it does not wait. */
  due_at: z.nullable(z.number()),
});
export type Execution = z.infer<typeof storedExecution>;

type Change = Partial<Omit<Execution, 'arn' | 'machine_arn' | 'name' | 'input' | 'definition' | 'started_at'>>;

/** Stores executions and their histories. Each change is stored durably when the call returns. */
export type ExecutionStore = {
  /** Stores all changes of the work or none. */
  readonly together: (work: () => void) => void;
  readonly create: (
    execution: Omit<Execution, 'status' | 'stopped_at' | 'output' | 'error' | 'cause' | 'due_at'>,
  ) => void;
  readonly get: (arn: string) => Execution | undefined;
  readonly change: (arn: string, change: Change) => void;
  /** Running executions that wait for no moment later than `now`. */
  readonly due: (now: number) => Execution[];
  /** The executions of one state machine, the latest first. */
  readonly list: (machineArn: string) => Execution[];
  readonly record: (arn: string, event: Omit<HistoryEvent, 'id' | 'previousEventId'>) => void;
  readonly history: (arn: string) => HistoryEvent[];
};

export function openExecutionStore(state: DatabaseSync): ExecutionStore {
  state.exec(`
    CREATE TABLE IF NOT EXISTS executions (
      arn TEXT PRIMARY KEY, machine_arn TEXT NOT NULL, name TEXT NOT NULL, input TEXT NOT NULL, definition TEXT NOT NULL,
      status TEXT NOT NULL DEFAULT 'RUNNING', started_at INTEGER NOT NULL, stopped_at INTEGER,
      output TEXT, error TEXT, cause TEXT, state TEXT NOT NULL, state_input TEXT NOT NULL, due_at INTEGER) STRICT;
    CREATE TABLE IF NOT EXISTS execution_events (
      execution_arn TEXT NOT NULL, id INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (execution_arn, id)) STRICT;
  `);
  const insert = state.prepare(
    'INSERT INTO executions (arn, machine_arn, name, input, definition, started_at, state, state_input) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const byArn = state.prepare('SELECT * FROM executions WHERE arn = ?');
  const dueNow = state.prepare("SELECT * FROM executions WHERE status = 'RUNNING' AND coalesce(due_at, 0) <= ?");
  const ofMachine = state.prepare(
    'SELECT * FROM executions WHERE machine_arn = ? ORDER BY started_at DESC, rowid DESC',
  );
  const addEvent = state.prepare(
    'INSERT INTO execution_events SELECT ?, coalesce(max(id), 0) + 1, ? FROM execution_events WHERE execution_arn = ?',
  );
  const events = state.prepare('SELECT id, event FROM execution_events WHERE execution_arn = ? ORDER BY id');
  return {
    together: (work) => transaction(state, work),
    create: (execution) =>
      void insert.run(
        execution.arn,
        execution.machine_arn,
        execution.name,
        execution.input,
        execution.definition,
        execution.started_at,
        execution.state,
        execution.state_input,
      ),
    get(arn) {
      const row = byArn.get(arn);
      return row === undefined ? undefined : storedExecution.parse(row);
    },
    change(arn, change) {
      const columns = Object.keys(change);
      state
        .prepare(`UPDATE executions SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE arn = ?`)
        .run(...Object.values(change), arn);
    },
    due: (now) => z.array(storedExecution).parse(dueNow.all(now)),
    list: (machineArn) => z.array(storedExecution).parse(ofMachine.all(machineArn)),
    record: (arn, event) => void addEvent.run(arn, JSON.stringify(event), arn),
    history: (arn) => events.all(arn).map(readHistoryEvent),
  };
}
