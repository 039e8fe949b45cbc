import {
  type Item,
  type Key,
  type Table,
  targetOf,
  type Write,
  type WriteAnswer,
} from '../../shared/platform/ports/table.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { writeUnits } from './item-units.ts';
import type { VirtualTime } from './virtual-time.ts';

/** In ms, from a call's sending to its answer. */
const LATENCY = { read: 4, write: 6, transaction: 10 } as const;
/**
 * A client sends a throttled write again by itself, so many times and after so many ms; a refused transaction it does
 * not.
 */
const CLIENT_TRIES = 3;
const CLIENT_PAUSE = 50;

class Throttled extends Error {
  override readonly name = 'Throttled';
}

export type LimitedTable = Table & {
  readonly items: () => readonly Item[];
  /** How often a write was refused for its rate. */
  readonly refusals: () => number;
  /** The most units that one partition took in one second. */
  readonly most: () => number;
};

/**
 * A table in virtual time of which each partition, of the table and of its indexes, takes so many write units in each
 * second: one for each KB begun of an item, twice as many in a transaction, one for an index's entry. What would go
 * beyond is refused until the second is over.
 */
export function limitedTable(time: VirtualTime, unitsPerSecond: number): LimitedTable {
  const memory = memoryTable();
  const sortKeys = new Map<string, string[]>();
  const spent = { second: 0, units: new Map<string, number>(), refusals: 0, most: 0 };

  const admit = (writes: readonly Write[]): boolean => {
    const second = Math.floor(time.now() / 1_000);
    if (second !== spent.second) {
      spent.second = second;
      spent.units.clear();
    }
    const wanted = new Map<string, number>();
    for (const write of writes) {
      const key = targetOf(write);
      const before = memory.peek(key);
      const after = 'put' in write ? write.put : 'delete' in write ? undefined : before;
      const units = writeUnits(before, after) * (writes.length > 1 ? 2 : 1);
      wanted.set(key.pk, (wanted.get(key.pk) ?? 0) + units);
      for (const entry of indexEntries(before, after)) wanted.set(entry, (wanted.get(entry) ?? 0) + 1);
    }
    const sums = [...wanted].map(
      ([partition, units]) => [partition, (spent.units.get(partition) ?? 0) + units] as const,
    );
    if (sums.some(([, sum]) => sum > unitsPerSecond)) {
      spent.refusals += 1;
      return false;
    }
    for (const [partition, sum] of sums) {
      spent.units.set(partition, sum);
      spent.most = Math.max(spent.most, sum);
    }
    return true;
  };

  const make = async (writes: readonly Write[]): Promise<WriteAnswer> => {
    const answer = await memory.write(writes);
    if (answer.done) for (const write of writes) note(sortKeys, targetOf(write), memory.peek(targetOf(write)));
    return answer;
  };

  const write = async (writes: readonly Write[]): Promise<WriteAnswer> => {
    if (writes.length > 1) {
      await time.sleep(LATENCY.transaction / 2);
      const answer: WriteAnswer = admit(writes)
        ? await make(writes)
        : { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
      await time.sleep(LATENCY.transaction / 2);
      return answer;
    }
    for (let tries = 1; tries <= CLIENT_TRIES; tries += 1) {
      await time.sleep(LATENCY.write);
      if (admit(writes)) return make(writes);
      await time.sleep(CLIENT_PAUSE);
    }
    throw new Throttled();
  };

  const read = async <Answer>(look: () => Promise<Answer>): Promise<Answer> => {
    await time.sleep(LATENCY.read);
    return look();
  };

  return {
    get: (key) => read(() => memory.get(key)),
    getMany: (keys) => read(() => memory.getMany(keys)),
    getAtOnce: (keys) => read(() => memory.getAtOnce(keys)),
    list: (index, range) => read(() => memory.list(index, range)),
    query: ({ pk, from = ' ', to = '~', descending = false, limit = Number.POSITIVE_INFINITY }) =>
      read(async () => {
        const keys = sortKeys.get(pk) ?? [];
        const within = keys.slice(placeOf(keys, from), placeOf(keys, `${to} `));
        const page = (descending ? within.toReversed() : within).slice(0, limit);
        return { items: page.map((sk) => structuredClone(memory.peek({ pk, sk })!)), more: page.length === limit };
      }),
    write,
    items: memory.items,
    refusals: () => spent.refusals,
    most: () => spent.most,
  };
}

function* indexEntries(before: Item | undefined, after: Item | undefined): Generator<string> {
  for (const [name, { partitionKey, sortKey }] of Object.entries(TABLE.indexes)) {
    if (before?.[partitionKey] === after?.[partitionKey] && before?.[sortKey] === after?.[sortKey]) continue;
    for (const item of [before, after]) {
      if (item?.[partitionKey] !== undefined) yield `${name} ${item[partitionKey]}`;
    }
  }
}

/** The sort keys of a partition stay in order: to sort a folder of 10,000 for each login would take the test's time. */
function note(sortKeys: Map<string, string[]>, { pk, sk }: Key, item: Item | undefined): void {
  const keys = sortKeys.get(pk) ?? [];
  sortKeys.set(pk, keys);
  const place = placeOf(keys, sk);
  const isThere = keys[place] === sk;
  if (item === undefined && isThere) keys.splice(place, 1);
  if (item !== undefined && !isThere) keys.splice(place, 0, sk);
}

/** Of the first key that is not before `text`. */
function placeOf(keys: readonly string[], text: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
