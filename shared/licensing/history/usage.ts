import type { LicenseClass, LicenseFacts } from '../license/license.ts';
import type { HistoryEntry, LicenseChange } from './history.ts';

/** What is counted together: the licenses of one class in one folder. */
export type ClassInFolder = LicenseClass & { readonly folderId: string };

export type PoolUsage = ClassInFolder & {
  /** The most licenses that were in use at one moment of the day. */
  readonly peak: number;
  /** Licenses in use at the end of the day, or so far. */
  readonly inUse: number;
};

export type DayUsage = {
  readonly pools: readonly PoolUsage[];
  /** Denied logins by reason. One user who tries again and again counts each time. */
  readonly denied: Readonly<Record<string, number>>;
  /** Users with a denied login, by reason. */
  readonly deniedUsers: Readonly<Record<string, number>>;
};

/**
 * Counts a day's peak use by class and folder, and its denials by reason. `atStart` is the use when the day began. Add
 * the day's entries in the order of their time.
 */
export function usageOf(atStart: readonly Pick<PoolUsage, keyof ClassInFolder | 'inUse'>[]) {
  const pools = new Map<string, PoolUsage>();
  for (const { inUse, ...pool } of atStart) if (inUse > 0) pools.set(poolKey(pool), { ...pool, inUse, peak: inUse });
  const denied: Record<string, number> = {};
  const deniedUsers = new Map<string, Set<string>>();

  const count = (entry: LicenseChange, facts: LicenseFacts | undefined, by: 1 | -1): void => {
    if (facts?.currentUser === undefined) return;
    const { type, access, modules } = entry;
    const pool = { type, access, modules, folderId: facts.folderId };
    const known = pools.get(poolKey(pool)) ?? { ...pool, inUse: 0, peak: 0 };
    const inUse = known.inUse + by;
    pools.set(poolKey(pool), { ...known, inUse, peak: Math.max(known.peak, inUse) });
  };

  return {
    add: (entry: HistoryEntry): void => {
      if (entry.kind === 'webhook-off') return;
      if (entry.kind === 'denied') {
        denied[entry.reason] = (denied[entry.reason] ?? 0) + 1;
        deniedUsers.set(entry.reason, (deniedUsers.get(entry.reason) ?? new Set()).add(entry.user));
        return;
      }
      count(entry, entry.before, -1);
      count(entry, entry.after, 1);
    },
    result: (): DayUsage => ({
      pools: [...pools.values()].toSorted(compareByKey),
      denied: { ...denied },
      deniedUsers: Object.fromEntries([...deniedUsers].map(([reason, users]) => [reason, users.size])),
    }),
  };
}

function poolKey({ type, access, modules, folderId }: ClassInFolder): string {
  return JSON.stringify([folderId, type, access, modules]);
}

function compareByKey(one: ClassInFolder, other: ClassInFolder): number {
  return poolKey(one) < poolKey(other) ? -1 : 1;
}
