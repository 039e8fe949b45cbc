import { dayAfter, startOfDay } from '../../shared/licensing/cleanup-time.ts';
import { NO_USAGE, type Usage } from '../../shared/licensing/history/usage.ts';
import { HOUR, plus } from '../../shared/licensing/time.ts';
import { hourUsageKey, usageKey } from '../../shared/store/keys.ts';
import { poolEntryWrite } from '../../shared/store/pool-entries.ts';
import { usageItems } from '../../shared/store/usage-items.ts';
import { asAdministrator } from './command-world.ts';
import { memoryTable } from './memory-table.ts';
import { type Meter, meteredTable } from './metered-table.ts';
import { aLicense, aWorld, fixedClock, SETTINGS } from './world.ts';

const TODAY = '2026-03-02';
const POOLS = ['finance', 'sales'].map(
  (folderId) => ({ type: 'floating', access: 'write', modules: 'all', folderId }) as const,
);

/** A tenant with this many licenses in two folders, of which the stream has reported all, and 400 kept days. */
export async function aUsageWorld(licenses: number) {
  const table = memoryTable();
  const { deps } = await aWorld({ table });
  for (let index = 0; index < licenses; index += 1) {
    const license = aLicense({ serialNumber: `A${1_000_000 + index}`, ...POOLS[index % POOLS.length] });
    await table.write([poolEntryWrite({ ...license, after: license })]);
  }
  const owned = licenses / POOLS.length;
  const pools = POOLS.map((pool) => ({ ...pool, peak: owned - 1, inUse: 0, owned, mostOwned: owned }));
  const usage: Usage = { ...NO_USAGE, pools };
  const { timeZone } = SETTINGS;
  for (let day = dayAfter(TODAY, -400); day < TODAY; day = dayAfter(day)) {
    const puts = usageItems((part) => usageKey('acme', day, part), usage);
    await table.write(puts.map((put) => ({ put })));
    const end = startOfDay(timeZone, dayAfter(day));
    for (let from = startOfDay(timeZone, day); from < end && day >= dayAfter(TODAY, -31); from = plus(from, HOUR)) {
      await table.write(usageItems((part) => hourUsageKey('acme', from, part), usage).map((put) => ({ put })));
    }
  }
  /** What one command costs, and what it answers. */
  const metered = async (command: string, members: object = {}): Promise<{ meter: Meter; answer: unknown }> => {
    const { table: counted, meter } = meteredTable(table);
    const { ask } = asAdministrator({ ...deps, clock: fixedClock(), table: counted });
    return { meter, answer: await ask(command, members) };
  };
  return { metered };
}

/** Each answer about usage, with its range as long as it may be. Today is counted from its history. */
export const USAGE_ANSWERS = [
  ['get-pools', {}],
  ['list-peaks', { by: 'day', from: dayAfter(TODAY, -399), limit: 1_000 }],
  ['list-peaks', { by: 'hour', from: dayAfter(TODAY, -30), limit: 1_000 }],
  ['get-needs', { by: 'day', from: dayAfter(TODAY, -399) }],
  ['get-needs', { by: 'hour', from: dayAfter(TODAY, -30) }],
] as const;
