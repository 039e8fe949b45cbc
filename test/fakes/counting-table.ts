import type { Table } from '../../shared/platform/ports/table.ts';

export type Counts = { calls: number; rounds: number; writes: number };

/**
 * Counts the calls that go through it, and their rounds: a call that begins when one of the round has already been
 * answered begins the next round, for it may have waited for that answer.
 */
export function countingTable(table: Table): { readonly table: Table; readonly counts: Counts } {
  const counts: Counts = { calls: 0, rounds: 0, writes: 0 };
  let roundIsOver = true;
  const counted = async <Answer>(call: () => Promise<Answer>, calls = 1): Promise<Answer> => {
    counts.calls += calls;
    if (roundIsOver) counts.rounds += 1;
    roundIsOver = false;
    try {
      return await call();
    } finally {
      roundIsOver = true;
    }
  };
  return {
    counts,
    table: {
      get: (key) => counted(() => table.get(key)),
      getMany: (keys) => counted(() => table.getMany(keys), Math.ceil(keys.length / 100)),
      getAtOnce: (keys) => counted(() => table.getAtOnce(keys)),
      query: (range) => counted(() => table.query(range)),
      list: (index, range) => counted(() => table.list(index, range)),
      write: (writes) => {
        // The adapter makes no call for it.
        if (writes.length === 0) return table.write(writes);
        counts.writes += 1;
        return counted(() => table.write(writes));
      },
    },
  };
}
