import type { Item, Table } from '../../shared/platform/ports/table.ts';

/** A license that was certainly free from `from` to `to`, by the watch's own count of moments. */
type FreeTime = { readonly serialNumber: string; readonly place: string; readonly from: number; to: number };

/**
 * Watches vacancies come and go, from outside: one is certainly there from the answer of the write that put it to the
 * start of the write that took it away. For proofs that nobody was sent on while something better was free.
 */
export function vacancyWatch(table: Table, stored: readonly Item[]) {
  let moment = 0;
  const free: FreeTime[] = [];
  const open = new Map<string, FreeTime>();
  const begin = ({ pk, sk, serialNumber }: Item): void => {
    if (open.has(`${pk}\n${sk}`)) return;
    const time = { serialNumber: `${serialNumber}`, place: `${pk} ${sk.slice(0, 2)}`, from: moment, to: Infinity };
    free.push(time);
    open.set(`${pk}\n${sk}`, time);
  };
  for (const item of stored) if (item.pk.startsWith('V#')) begin(item);

  const watched: Table = {
    ...table,
    write: async (writes) => {
      moment += 1;
      const start = moment;
      const answer = await table.write(writes);
      moment += 1;
      if (!answer.done) return answer;
      for (const write of writes) {
        if ('put' in write && write.put.pk.startsWith('V#')) {
          begin(write.put);
        }
        if ('delete' in write && write.delete.pk.startsWith('V#')) {
          const id = `${write.delete.pk}\n${write.delete.sk}`;
          const time = open.get(id);
          if (time !== undefined) time.to = start;
          open.delete(id);
        }
      }
      return answer;
    },
  };

  return {
    table: watched,
    now: (): number => {
      moment += 1;
      return moment;
    },
    /**
     * Serial numbers of licenses in a place (`V#acme#root w1`) that were free all the time from one moment to another.
     */
    certainlyFree: (place: string, from: number, to: number): readonly string[] =>
      free.filter((time) => time.place === place && time.from < from && time.to > to).map((time) => time.serialNumber),
  };
}
