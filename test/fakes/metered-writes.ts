import { type Table, targetOf } from '../../shared/platform/ports/table.ts';
import { indexWriteUnits, writeUnits } from '../simulation/item-units.ts';
import type { MemoryTable } from './memory-table.ts';

type WriteMeter = {
  /** Write units of the items themselves: in a transaction each counts twice. */
  writes: number;
  /** Write units of the indexes that follow. */
  indexes: number;
};

/** Meters what is written to a table as DynamoDB bills it. A refused write is billed as well. */
export function meteredWrites(memory: MemoryTable, table: Table = memory) {
  const meter: WriteMeter = { writes: 0, indexes: 0 };
  return {
    meter,
    table: {
      ...table,
      write: async (writes) => {
        const befores = writes.map((write) => structuredClone(memory.peek(targetOf(write))));
        const answer = await table.write(writes);
        for (const [index, write] of writes.entries()) {
          const after = memory.peek(targetOf(write));
          meter.writes += writeUnits(befores[index], after) * (writes.length > 1 ? 2 : 1);
          meter.indexes += indexWriteUnits(befores[index], after);
        }
        return answer;
      },
    } satisfies Table,
  };
}
