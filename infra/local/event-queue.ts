import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { DueWork } from './due-work.ts';
import type { InvokeResult } from './lambda-pool.ts';
import type { LocalFunction } from './resources.ts';

/**
 * Asynchronous calls as Lambda queues them: delivered at least once, retried after errors, then sent to a queue of
 * failures.
 */
export type EventQueue = DueWork & {
  /** Queues an event. It is stored durably when this returns. */
  readonly add: (functionArn: string, payload: unknown) => void;
  /** Returns whether an undelivered event has this content. */
  readonly holds: (text: string) => boolean;
};

const queuedEvent = z.object({
  id: z.number(),
  function_arn: z.string(),
  payload: z.string(),
  failures: z.number(),
  queued_at: z.number(),
});
type QueuedEvent = z.infer<typeof queuedEvent>;

/**
 * The pause before a try, by the stack's clock. As on Lambda: a minute before the second one, two minutes before the
 * third.
 */
const RETRY_DELAY_MS = 60_000;
/** The most concurrent deliveries to one function. */
const MOST_AT_ONCE = 8;

export function openEventQueue(
  state: DatabaseSync,
  {
    clock,
    find,
    invoke,
  }: {
    readonly clock: Clock;
    readonly find: (arn: string) => LocalFunction | undefined;
    readonly invoke: (lambda: LocalFunction, payload: string) => Promise<InvokeResult>;
  },
): EventQueue {
  state.exec(`
    CREATE TABLE IF NOT EXISTS events (
      id INTEGER PRIMARY KEY AUTOINCREMENT, function_arn TEXT NOT NULL, payload TEXT NOT NULL,
      failures INTEGER NOT NULL DEFAULT 0, queued_at INTEGER NOT NULL, due_at INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS dead_letters (
      id INTEGER PRIMARY KEY, function_arn TEXT NOT NULL, payload TEXT NOT NULL, error TEXT NOT NULL, at TEXT NOT NULL) STRICT;
  `);
  const insert = state.prepare('INSERT INTO events (function_arn, payload, queued_at, due_at) VALUES (?, ?, ?, ?)');
  const due = state.prepare('SELECT * FROM events WHERE due_at <= ? ORDER BY id');
  const remove = state.prepare('DELETE FROM events WHERE id = ?');
  const postpone = state.prepare('UPDATE events SET failures = ?, due_at = ? WHERE id = ?');
  const bury = state.prepare('INSERT OR REPLACE INTO dead_letters VALUES (?, ?, ?, ?, ?)');
  const containing = state.prepare('SELECT 1 FROM events WHERE instr(payload, ?) > 0');
  const underWay = new Map<number, { arn: string; done: Promise<void> }>();

  let halted = false;

  function deliver(): void {
    if (halted) return;
    for (const event of z.array(queuedEvent).parse(due.all(clock.now()))) {
      const arn = event.function_arn;
      if (
        !underWay.has(event.id) &&
        [...underWay.values()].filter((other) => other.arn === arn).length < MOST_AT_ONCE
      ) {
        const done = attempt(event).finally(() => {
          underWay.delete(event.id);
          deliver();
        });
        underWay.set(event.id, { arn, done });
      }
    }
  }

  async function attempt(event: QueuedEvent): Promise<void> {
    const lambda = find(event.function_arn);
    const result = lambda && (await invoke(lambda, event.payload));
    if (halted) return;
    if (lambda === undefined || result === undefined) {
      giveUp(event, 'the function is not in the stack any more');
    } else if (result.ok) {
      remove.run(event.id);
    } else {
      const failures = event.failures + 1;
      const nextAt = clock.now() + failures * RETRY_DELAY_MS;
      if (failures > lambda.retries || nextAt - event.queued_at > lambda.maxEventAgeMs) {
        giveUp(event, `${result.fault.errorType}: ${result.fault.errorMessage}`);
      } else {
        console.error(`${lambda.name} failed (${result.fault.errorType}); its event is delivered again`);
        postpone.run(failures, nextAt, event.id);
      }
    }
  }

  function giveUp(event: QueuedEvent, error: string): void {
    bury.run(event.id, event.function_arn, event.payload, error, new Date(clock.now()).toISOString());
    remove.run(event.id);
    console.error(`An event for ${event.function_arn} failed all its tries and was set aside: ${error}`);
  }

  return {
    add(functionArn, payload) {
      const now = clock.now();
      insert.run(functionArn, JSON.stringify(payload), now, now);
      queueMicrotask(deliver);
    },
    startDue: deliver,
    async settle() {
      const busy = underWay.size > 0;
      while (underWay.size > 0) await Promise.all([...underWay.values()].map(({ done }) => done));
      return busy;
    },
    halt() {
      halted = true;
    },
    holds: (text) => containing.get(text) !== undefined,
  };
}
