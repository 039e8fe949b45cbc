import { type FolderTree, presentFolder } from '../folder-tree.ts';
import type { LicenseFacts } from '../license/license.ts';
import { type ClassInFolder, compareByPool, poolKey } from '../license/pool-counts.ts';
import type { Instant } from '../time.ts';
import type { Access, DenialReason } from '../vocabulary.ts';
import { type HistoryEntry, type LicenseChange, timeOf } from './history.ts';

export type PoolUsage = ClassInFolder & {
  /** The most licenses that were in use at one moment of the period. */
  readonly peak: number;
  /** Licenses in use at the end of the period, or so far. */
  readonly inUse: number;
  /** The most licenses that were owned at one moment of the period. */
  readonly mostOwned: number;
  /** Licenses owned at the end of the period, or so far. */
  readonly owned: number;
};

/** Denied logins of users of one folder who needed the same access. */
export type Denials = {
  readonly folderId: string;
  readonly access: Access;
  readonly reason: DenialReason;
  /** One user who tries again and again counts each time. */
  readonly count: number;
  readonly users: number;
};

/** How many users of one folder got no license because none was there for them. Each counts once. */
export type LackingUsers = { readonly folderId: string; readonly access: Access; readonly users: number };

/** What was used and denied in a day or in an hour. */
export type Usage = {
  readonly pools: readonly PoolUsage[];
  /** Denied logins by reason. One user who tries again and again counts each time. */
  readonly denied: Readonly<Record<string, number>>;
  /** Users with a denied login, by reason. */
  readonly deniedUsers: Readonly<Record<string, number>>;
  readonly denials: readonly Denials[];
  readonly lacking: readonly LackingUsers[];
};

export const NO_USAGE: Usage = { pools: [], denied: {}, deniedUsers: {}, denials: [], lacking: [] };

/** Whether a denial for this reason would not have happened with one more license. */
const LACKS_LICENSE: Readonly<Record<DenialReason, boolean>> = {
  'no-free-license': true,
  'assigned-license-expired': true,
  'no-access': false,
  'unknown-tenant': false,
  'session-ended': false,
  'too-old': false,
};

/**
 * Counts a period's peak use and owned licenses by class and folder, and its denials. `atStart` is the state when the
 * period began. Add the period's entries in the order of their time.
 */
export function usageOf(atStart: readonly Pick<PoolUsage, keyof ClassInFolder | 'inUse' | 'owned'>[]) {
  const pools = new Map<string, PoolUsage>();
  for (const { folderId, type, access, modules, inUse, owned } of atStart) {
    if (inUse === 0 && owned === 0) continue;
    const pool = { folderId, type, access, modules };
    pools.set(poolKey(pool), { ...pool, inUse, peak: inUse, owned, mostOwned: owned });
  }
  const denials = new Map<string, Denials & { readonly names: Set<string> }>();
  const lacking = new Map<string, LackingUsers & { readonly names: Set<string> }>();
  const deniedUsers = new Map<string, Set<string>>();
  /** The pools whose licenses changed at the latest moment. All changes of one moment count together. */
  const touched = new Set<string>();
  let moment: Instant | undefined;

  const count = (entry: LicenseChange, facts: LicenseFacts | undefined, by: 1 | -1): void => {
    if (facts === undefined || facts.deletedAt !== undefined) return;
    const { type, access, modules } = entry;
    const pool = { folderId: facts.folderId, type, access, modules };
    const known = pools.get(poolKey(pool)) ?? { ...pool, inUse: 0, peak: 0, owned: 0, mostOwned: 0 };
    const inUse = known.inUse + (facts.currentUser === undefined ? 0 : by);
    pools.set(poolKey(pool), { ...known, inUse, owned: known.owned + by });
    touched.add(poolKey(pool));
  };

  const endMoment = (): void => {
    for (const key of touched) {
      const pool = pools.get(key);
      if (pool === undefined) continue;
      const { peak, inUse, mostOwned, owned } = pool;
      pools.set(key, { ...pool, peak: Math.max(peak, inUse), mostOwned: Math.max(mostOwned, owned) });
    }
    touched.clear();
  };

  const deny = ({ folderId, access, reason, user }: Extract<HistoryEntry, { readonly kind: 'denied' }>): void => {
    const key = JSON.stringify([folderId, access, reason]);
    const known = denials.get(key) ?? { folderId, access, reason, count: 0, users: 0, names: new Set() };
    const names = known.names.add(user);
    denials.set(key, { ...known, count: known.count + 1, users: names.size, names });
    deniedUsers.set(reason, (deniedUsers.get(reason) ?? new Set()).add(user));
    if (!LACKS_LICENSE[reason]) return;
    const place = JSON.stringify([folderId, access]);
    const others = lacking.get(place)?.names ?? new Set();
    lacking.set(place, { folderId, access, users: others.add(user).size, names: others });
  };

  return {
    add: (entry: HistoryEntry): void => {
      if (entry.kind === 'webhook-off') return;
      if (timeOf(entry) !== moment) endMoment();
      moment = timeOf(entry);
      if (entry.kind === 'denied') {
        deny(entry);
        return;
      }
      count(entry, entry.before, -1);
      count(entry, entry.after, 1);
    },
    result: (): Usage => {
      endMoment();
      const denied: Record<string, number> = {};
      for (const { reason, count: times } of denials.values()) denied[reason] = (denied[reason] ?? 0) + times;
      return {
        pools: [...pools.values()].toSorted(compareByPool),
        denied,
        deniedUsers: Object.fromEntries([...deniedUsers].map(([reason, users]) => [reason, users.size])),
        denials: [...denials.values()].map(({ names: _, ...one }) => one),
        lacking: [...lacking.values()].map(({ names: _, ...one }) => one),
      };
    },
  };
}

export type OwnedPool = ClassInFolder & { readonly owned: number };

/** Returns by how much owned licenses were counted too low, by pool. */
export function missingIn(counted: readonly OwnedPool[], actual: readonly OwnedPool[]): readonly OwnedPool[] {
  const missing = new Map(actual.map((pool) => [poolKey(pool), pool]));
  for (const { owned, ...pool } of counted) {
    missing.set(poolKey(pool), { ...pool, owned: (missing.get(poolKey(pool))?.owned ?? 0) - owned });
  }
  return [...missing.values()].filter(({ owned }) => owned !== 0);
}

/** Returns the usage of a period that was counted without the licenses owned before all of its entries. */
export function withOwnedBefore<Period extends Usage>(usage: Period, before: readonly OwnedPool[]): Period {
  const pools = new Map(usage.pools.map((pool) => [poolKey(pool), pool]));
  for (const { folderId, type, access, modules, owned } of before) {
    const pool = { folderId, type, access, modules };
    const known = pools.get(poolKey(pool)) ?? { ...pool, inUse: 0, peak: 0, owned: 0, mostOwned: 0 };
    pools.set(poolKey(pool), { ...known, owned: known.owned + owned, mostOwned: known.mostOwned + owned });
  }
  return { ...usage, pools: [...pools.values()].toSorted(compareByPool) };
}

/**
 * Returns the usage by the folders that exist. A folder that was merged into another counts there. Its peak is added,
 * so the sum may be higher than what was in use at one moment before the merge.
 */
export function inPresentFolders<Period extends Usage>(usage: Period, folders: FolderTree): Period {
  const pools = new Map<string, PoolUsage>();
  for (const one of usage.pools) {
    const pool = { ...one, folderId: presentFolder(folders, one.folderId) };
    const known = pools.get(poolKey(pool));
    pools.set(poolKey(pool), known === undefined ? pool : sumOf(known, pool));
  }
  const present = <One extends { readonly folderId: string }>(one: One): One => ({
    ...one,
    folderId: presentFolder(folders, one.folderId),
  });
  return {
    ...usage,
    pools: [...pools.values()],
    denials: usage.denials.map(present),
    lacking: usage.lacking.map(present),
  };
}

function sumOf(one: PoolUsage, other: PoolUsage): PoolUsage {
  return {
    ...one,
    peak: one.peak + other.peak,
    inUse: one.inUse + other.inUse,
    owned: one.owned + other.owned,
    mostOwned: one.mostOwned + other.mostOwned,
  };
}
