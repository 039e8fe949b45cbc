import { holds } from '../../shared/licensing/clause.ts';
import {
  type Item,
  type Key,
  type Table,
  targetOf,
  type Write,
  type WriteAnswer,
  type WriteRefusal,
} from '../../shared/platform/ports/table.ts';
import { type Random, seededRandom } from '../../shared/platform/random.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { demandWrites } from '../fakes/table-limits.ts';
import { indexWriteUnits, readUnits, sizeOf, type Units, writeUnits } from './item-units.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Medians in ms of a call from its sending to its answer; each call's own is spread around it. */
const LATENCY = { get: 2.5, getMany: 4, getAtOnce: 8, query: 3.5, list: 3.5, write: 4.5, transaction: 10 } as const;
const SPREAD = 0.35;

/** How long the client's own retries of a throttled call take, and after how long it gives a call up. */
const THROTTLED_FOR = 60;
const GIVEN_UP_AFTER = 20;

/** Of a thousand calls, how many meet what goes wrong in a network. */
export type Faults = {
  /** Refused for its rate: a call waits and tries again, one of four times in vain; a transaction is refused. */
  readonly throttled?: number;
  /** The write took effect, and its answer never came. */
  readonly lost?: number;
  /** The same, and the client itself retried it: a transaction is recognized, any other write is judged again. */
  readonly resent?: number;
  /** The client gave up, and the write takes effect later. */
  readonly late?: number;
};

export class CallFailed extends Error {
  override readonly name = 'CallFailed';
}

export type ConflictFacts = {
  readonly time: VirtualTime;
  readonly seed: number;
  /** Median in ms after which an index shows a change. */
  readonly indexLag?: number;
  readonly faults?: Faults;
};

/**
 * A table in virtual time with the rules that no engine on one machine has: items are locked from a transaction's
 * decision to its commit, also of one that is refused; whatever else is written to a locked item is refused as a
 * conflict; a transaction's items appear one after the other; indexes lag; calls fail as `Faults` says.
 */
export function conflictTable({ time, seed, indexLag = 15, faults = {} }: ConflictFacts) {
  /** What is decided; what reads see; what indexes show. */
  const [decided, visible, indexed] = [memoryTable(), memoryTable(), memoryTable()];
  const locked = new Set<string>();
  const shown = new Map<string, number>();
  const random = seededRandom(seed);
  const watch = vacancyTimes(time);
  let changes = 0;
  const conflicts = { transactions: 0, refused: 0 };
  const live = { faults };

  const show = (key: Key, item: Item | undefined): void => {
    const put = (table: Table) => table.write([item === undefined ? { delete: key } : { put: item }]);
    void put(visible);
    watch.shown(key, item);
    changes += 1;
    const change = changes;
    const index = (): void => {
      if ((shown.get(idOf(key)) ?? 0) > change) return;
      shown.set(idOf(key), change);
      void put(indexed);
    };
    if (indexLag === 0) index();
    else void time.sleep(spread(random, indexLag)).then(index);
  };

  const refusalsOf = (writes: readonly Write[]): readonly (WriteRefusal | undefined)[] =>
    writes.map((write) => {
      const key = targetOf(write);
      if (locked.has(idOf(key))) return { because: 'conflict' };
      const item = visible.peek(key);
      return holds(write.onlyIf ?? [], item) ? undefined : { because: 'condition', item: structuredClone(item) };
    });

  const writeOne = async (write: Write, units: Units): Promise<WriteAnswer> => {
    const key = targetOf(write);
    const before = decided.peek(key);
    if (locked.has(idOf(key))) return { done: false, refusals: [{ because: 'conflict' }] };
    watch.locked(key);
    const answer = await decided.write([write]);
    const after = decided.peek(key);
    units.write += writeUnits(before, after);
    if (answer.done) units.indexWrite += indexWriteUnits(before, after);
    if ('check' in write || !answer.done) watch.shown(key, before);
    else show(key, after);
    return answer;
  };

  /** Decides at once, locks what it can, and shows one item after the other. */
  const transact = async (writes: readonly Write[], units: Units, duration: number): Promise<WriteAnswer> => {
    demandWrites(writes);
    conflicts.transactions += 1;
    const keys = writes.map(targetOf);
    const befores = keys.map((key) => decided.peek(key));
    const refusals = refusalsOf(writes);
    const isRefused = refusals.some((refusal) => refusal !== undefined);
    if (refusals.some((refusal) => refusal?.because === 'conflict')) conflicts.refused += 1;
    const answer: WriteAnswer = isRefused ? { done: false, refusals } : await decided.write(writes);
    const mine = keys.filter((_, index) => refusals[index] === undefined);
    for (const key of mine) {
      locked.add(idOf(key));
      watch.locked(key);
    }
    const afters = keys.map((key) => decided.peek(key));
    keys.forEach((_, index) => {
      units.write += 2 * writeUnits(befores[index], afters[index]);
      if (!isRefused) units.indexWrite += indexWriteUnits(befores[index], afters[index]);
    });
    await time.sleep(duration * 0.45);
    const unlock = async (key: Key, index: number): Promise<void> => {
      if (index > 0) await time.sleep(random(15) * duration * 0.01);
      locked.delete(idOf(key));
      if (isRefused || 'check' in writes[keys.indexOf(key)]!) watch.shown(key, visible.peek(key));
      else show(key, afters[keys.indexOf(key)]);
    };
    await Promise.all(mine.map(unlock));
    return answer;
  };

  const faultOf = (kind: keyof Faults): boolean => random(1_000) < (live.faults[kind] ?? 0);

  const read = async <Answer>(name: keyof typeof LATENCY, look: () => Promise<Answer>): Promise<Answer> => {
    if (faultOf('throttled')) await throttled();
    const duration = spread(random, LATENCY[name]);
    await time.sleep(duration / 2);
    const answer = await look();
    await time.sleep(duration / 2);
    return answer;
  };

  const throttled = async (): Promise<void> => {
    await time.sleep(spread(random, THROTTLED_FOR));
    if (random(4) === 0) throw new CallFailed('throttled');
  };

  const write = async (writes: readonly Write[], units: Units): Promise<WriteAnswer> => {
    const isGroup = writes.length > 1 || writes.some((one) => 'check' in one);
    if (faultOf('throttled')) {
      if (isGroup) return { done: false, refusals: writes.map(() => ({ because: 'conflict' })) };
      await throttled();
    }
    const duration = spread(random, isGroup ? LATENCY.transaction : LATENCY.write);
    const send = async (way: number): Promise<WriteAnswer> => {
      await time.sleep(way);
      if (isGroup) return transact(writes, units, duration);
      const [only] = writes;
      return only === undefined ? { done: true } : writeOne(only, units);
    };
    if (faultOf('late')) {
      const way = spread(random, GIVEN_UP_AFTER * 2);
      void send(way).catch(() => undefined);
      await time.sleep(GIVEN_UP_AFTER);
      throw new CallFailed('no answer in time');
    }
    const answer = await send(duration / 5);
    if (faultOf('lost')) throw new CallFailed('the answer was lost');
    if (faultOf('resent')) return isGroup && answer.done ? answer : send(GIVEN_UP_AFTER);
    await time.sleep(isGroup ? duration / 5 : (duration * 4) / 5);
    return answer;
  };

  /** The table as one process sees it; what it consumes is added to `units`. */
  const tableFor = (units: Units): Table => ({
    get: (key) =>
      read('get', async () => {
        const item = await visible.get(key);
        units.read += readUnits(sizeOf(item));
        return item;
      }),
    getMany: (keys) =>
      read('getMany', async () => {
        const items = await visible.getMany(keys);
        for (const item of items) units.read += readUnits(sizeOf(item));
        return items;
      }),
    getAtOnce: (keys) =>
      read('getAtOnce', async () => {
        if (keys.some((key) => locked.has(idOf(key)))) return undefined;
        const items = await visible.getAtOnce(keys);
        for (const item of items ?? []) units.read += 2 * readUnits(sizeOf(item));
        return items;
      }),
    query: (range) =>
      read('query', async () => {
        const page = await visible.query(range);
        units.read += readUnits(page.items.reduce((sum, item) => sum + sizeOf(item), 0));
        return page;
      }),
    list: (index, range) =>
      read('list', async () => {
        units.read += 0.5;
        return indexed.list(index, range);
      }),
    write: (writes) => write(writes, units),
  });

  return {
    table: tableFor(noUnits()),
    tableFor,
    items: decided.items,
    certainlyFree: watch.certainlyFree,
    conflicts,
    /** From now on calls meet other faults: what was prepared in peace is now stormed. */
    setFaults: (next: Faults): void => {
      live.faults = next;
    },
    /** Puts what a run begins with, without time. */
    fill: async (items: readonly Item[]): Promise<void> => {
      for (const table of [decided, visible, indexed]) for (const item of items) await table.write([{ put: item }]);
      for (const item of items) watch.shown(item, item);
    },
  };
}

export function noUnits(): Units {
  return { read: 0, write: 0, indexWrite: 0 };
}

/** Log-normal: never below zero, now and then several times the median. */
function spread(random: Random, median: number): number {
  const uniform = (): number => (random(2 ** 32) + 1) / 2 ** 32;
  const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return median * Math.exp(SPREAD * normal);
}

/** A license is certainly free from the moment reads see its vacancy to the one at which anybody locks it. */
function vacancyTimes(time: VirtualTime) {
  type Free = { readonly serialNumber: string; readonly from: number; to: number };
  const byPlace = new Map<string, Free[]>();
  const open = new Map<string, Free>();
  const isVacancy = ({ pk }: Key): boolean => pk.startsWith('V#');
  return {
    shown: (key: Key, item: Item | undefined): void => {
      if (!isVacancy(key) || item === undefined || open.has(idOf(key))) return;
      const place = `${key.pk} ${key.sk.slice(0, 2)}`;
      const free = { serialNumber: `${item['serialNumber']}`, from: time.now(), to: Number.POSITIVE_INFINITY };
      const known = byPlace.get(place);
      if (known === undefined) byPlace.set(place, [free]);
      else known.push(free);
      open.set(idOf(key), free);
    },
    locked: (key: Key): void => {
      const free = open.get(idOf(key));
      if (free !== undefined) free.to = time.now();
      open.delete(idOf(key));
    },
    /** Serial numbers of what was free in a place (`V#acme#root w1`) all the time from one moment to another. */
    certainlyFree: (place: string, from: number, to: number): readonly string[] =>
      (byPlace.get(place) ?? []).filter((free) => free.from < from && free.to > to).map((free) => free.serialNumber),
  };
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}
