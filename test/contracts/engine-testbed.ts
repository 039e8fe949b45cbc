import { setTimeout } from 'node:timers/promises';
import { instantOf } from '../../shared/licensing/time.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { vacancyWatch } from '../fakes/vacancy-watch.ts';
import { NOW } from '../fakes/world.ts';
import { wrappedTable } from '../fakes/wrapped-table.ts';
import type { Testbed } from '../simulation/testbed.ts';
import type { VirtualTime } from '../simulation/virtual-time.ts';
import type { Engine } from './real-table.ts';

/** As many items as one transaction may change. */
const AT_ONCE = 100;

/**
 * The real engine with a table of its own, in real time: others go on when the engine answers. Nobody can glance at it.
 * `slowness`: how many times slower the service's clock goes, so that nobody gives up who waits for a busy engine; its
 * pauses are as long as ever.
 */
export async function engineTestbed(engine: Engine, slowness: number): Promise<Testbed> {
  const { table, items } = await engine.newTable();
  // The watch knows what was there before it only once that has been put.
  let watch = vacancyWatch(table, []);
  const watched: Table = {
    ...wrappedTable(table, (_name, call) => call()),
    write: (writes) => watch.table.write(writes),
  };
  return {
    time: realTime(slowness),
    table: watched,
    tableFor: () => watched,
    fill: async (stored) => {
      await putAll(table, stored);
      watch = vacancyWatch(table, stored);
    },
    begin: () => {},
    moment: () => watch.now(),
    certainlyFree: (place, from, to) => watch.certainlyFree(place, from, to),
    stored: items,
    conflicts: { transactions: 0, refused: 0 },
  };
}

async function putAll(table: Table, items: readonly Item[]): Promise<void> {
  for (let start = 0; start < items.length; start += AT_ONCE) {
    const { done } = await table.write(items.slice(start, start + AT_ONCE).map((put) => ({ put })));
    if (!done) throw new Error('the storm’s beginning was refused');
  }
}

function realTime(slowness: number): VirtualTime {
  const begin = performance.now();
  const now = (): number => (performance.now() - begin) / slowness;
  const sleep = async (milliseconds: number): Promise<void> => void (await setTimeout(milliseconds));
  return {
    now,
    sleep,
    hold: () => () => {},
    clock: { now: () => instantOf(Date.parse(NOW) + Math.floor(now())), pause: sleep },
  };
}
