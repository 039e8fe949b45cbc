import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { StartError } from './http.ts';

/**
 * The state of the stack itself: undelivered events, executions, the clock, positions in streams. The database is
 * locked for as long as this process lives, and the operating system releases the lock however the process ends. So the
 * lock serves as the lease of everything in it: two processes never work on one event or execution.
 */
export function openState(dir: string, { fresh }: { readonly fresh: boolean }): DatabaseSync {
  const state = new DatabaseSync(join(dir, 'stack.sqlite'));
  try {
    state.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (fresh) empty(dir, state);
    state.exec('CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT');
  } catch (error) {
    state.close();
    throw new StartError(`Another local stack is running on ${dir} (${String(error)}).`);
  }
  return state;
}

const tableList = z.array(z.object({ name: z.string() }));
const STORES = ['dynamodb.sqlite', 'dynamodb.sqlite-wal', 'dynamodb.sqlite-shm', 's3', 'logs', 'issuer.json'];

/**
 * Empties the state under the lock, so that a running stack keeps its state. Deletes only what the stack itself
 * created.
 */
function empty(dir: string, state: DatabaseSync): void {
  const tables = state
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  for (const { name } of tableList.parse(tables)) state.exec(`DROP TABLE ${name}`);
  for (const store of STORES) rmSync(join(dir, store), { recursive: true, force: true });
}

export function transaction<T>(state: DatabaseSync, work: () => T): T {
  state.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    state.exec('COMMIT');
    return result;
  } catch (error) {
    state.exec('ROLLBACK');
    throw error;
  }
}

const rememberedValue = z.object({ value: z.string() });

/** Single values by name. */
export function remember(state: DatabaseSync, name: string, value: string): void {
  state.prepare('INSERT OR REPLACE INTO remembered (name, value) VALUES (?, ?)').run(name, value);
}

export function recall(state: DatabaseSync, name: string): string | undefined {
  const row = state.prepare('SELECT value FROM remembered WHERE name = ?').get(name);
  return row === undefined ? undefined : rememberedValue.parse(row).value;
}
