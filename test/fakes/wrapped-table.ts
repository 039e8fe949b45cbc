import type { Table, Write } from '../../shared/platform/ports/table.ts';
import { isCommandEntry } from './command-entries.ts';

export type CallName = keyof Table;

/** A table of which each call is made by `around`: before it, instead of it, after it. */
export function wrappedTable(
  table: Table,
  around: <Answer>(name: CallName, call: () => Promise<Answer>) => Promise<Answer>,
): Table {
  return {
    get: (key) => around('get', () => table.get(key)),
    getMany: (keys) => around('getMany', () => table.getMany(keys)),
    getAtOnce: (keys) => around('getAtOnce', () => table.getAtOnce(keys)),
    query: (range) => around('query', () => table.query(range)),
    list: (index, range) => around('list', () => table.list(index, range)),
    write: (writes) => around('write', () => table.write(writes)),
  };
}

/** Everything that waits for the same nextTurn goes on in an order that the nextTurn decides. */
export type NextTurn = (label: string) => Promise<void>;

/** Lets others in before each call, and between a call's effect and its answer. */
export function interleavedTable(table: Table, nextTurn: NextTurn): Table {
  return wrappedTable(table, async (name, call) => {
    await nextTurn(name);
    const answer = await call();
    await nextTurn(`${name} answered`);
    return answer;
  });
}

type Writes = readonly Write[];

/**
 * Something happens exactly before the call that `when` picks, once: by its number, or by its name. Of writes it may
 * pick by what is written; `write` is the first one that is not the entry of a command.
 */
export function interruptedTable(
  table: Table,
  when: CallName | number | ((writes: Writes) => boolean),
  interrupt: () => Promise<unknown>,
): Table {
  let calls = 0;
  let isOver = false;
  const interruptIf = async (isPicked: boolean): Promise<void> => {
    if (isOver || !isPicked) return;
    isOver = true;
    await interrupt();
  };
  const picks = (writes: Writes): boolean =>
    typeof when === 'function' ? when(writes) : when === 'write' && !isCommandEntry(writes);
  const counted = wrappedTable(table, async (name, call) => {
    calls += 1;
    await interruptIf(calls === when || (name === when && name !== 'write'));
    return call();
  });
  return {
    ...counted,
    write: async (writes) => {
      await interruptIf(picks(writes));
      return counted.write(writes);
    },
  };
}

/**
 * A table that, on request, makes the next write and reports it as refused, as when the response gets lost on its way.
 * The entries of commands do not count.
 */
export function forgetfulTable<Under extends Table>(table: Under) {
  let isToBeLost = false;
  const write: Table['write'] = async (writes) => {
    const answer = await table.write(writes);
    if (!isToBeLost || !answer.done || isCommandEntry(writes)) return answer;
    isToBeLost = false;
    return { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
  };
  const loseNextAnswer = (): void => {
    isToBeLost = true;
  };
  return { table: { ...table, write }, loseNextAnswer };
}

export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/**
 * The process dies at its call number `at` (from 1): before the call takes effect, or after it and before its answer.
 */
export function dyingTable(
  table: Table,
  at: number,
  moment: 'before' | 'after',
): { readonly table: Table; readonly calls: () => number } {
  let calls = 0;
  const dying = wrappedTable(table, async (_name, call) => {
    calls += 1;
    if (calls > at) throw new ProcessDied('dead already');
    if (calls === at && moment === 'before') throw new ProcessDied('before the call');
    const answer = await call();
    if (calls === at) throw new ProcessDied('before the answer');
    return answer;
  });
  return { table: dying, calls: () => calls };
}
