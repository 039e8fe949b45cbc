import { marshalled } from '../../shared/aws/attributes.ts';
import type { StreamEvent } from '../../shared/aws/stream-records.ts';
import { targetOf } from '../../shared/platform/ports/table.ts';
import { type MemoryTable, memoryTable } from './memory-table.ts';

export type StreamRecord = StreamEvent['Records'][number];

/** A table in memory with its stream: each change of an item is a record, with the item before and after. */
export function streamedTable(): MemoryTable & { readonly records: StreamRecord[] } {
  const table = memoryTable();
  const records: StreamRecord[] = [];
  return {
    ...table,
    records,
    write: async (writes) => {
      const before = writes.map((write) => structuredClone(table.peek(targetOf(write))));
      const answer = await table.write(writes);
      if (!answer.done) return answer;
      writes.forEach((write, index) => {
        if ('check' in write) return;
        const after = table.peek(targetOf(write));
        const old = before[index];
        records.push({
          dynamodb: {
            SequenceNumber: String(records.length + 1).padStart(21, '0'),
            ...(old === undefined ? {} : { OldImage: marshalled(old) }),
            ...(after === undefined ? {} : { NewImage: marshalled(after) }),
          },
        });
      });
      return answer;
    },
  };
}
