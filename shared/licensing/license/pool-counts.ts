import type { Term } from '../term.ts';
import type { Day } from '../time.ts';
import type { LicenseState } from '../vocabulary.ts';
import { type LicenseClass, stateOn } from './license.ts';

/** What is counted together: the licenses of one class in one folder. */
export type ClassInFolder = LicenseClass & { readonly folderId: string };

/** What the pools count of one license. It names nobody. */
export type PoolEntry = ClassInFolder &
  Term & {
    readonly serialNumber: string;
    /** The version of the license from which this was taken. */
    readonly version: number;
    /** The state within the term. */
    readonly state: LicenseState;
  };

/** How many licenses of each state a pool has. `owned` also counts those whose term has not begun. */
export type PoolCounts = ClassInFolder & {
  readonly owned: number;
  readonly free: number;
  readonly assigned: number;
  readonly inUse: number;
  readonly releasing: number;
  readonly heldBack: number;
  readonly setAside: number;
  readonly expired: number;
};

type Counted = Exclude<keyof PoolCounts, keyof ClassInFolder>;
type Counts = Record<Counted, number>;

const COUNTED_AS: Readonly<Record<LicenseState, readonly Counted[]>> = {
  free: ['owned', 'free'],
  assigned: ['owned', 'assigned'],
  'in-use': ['owned', 'inUse'],
  releasing: ['owned', 'releasing'],
  'held-back': ['owned', 'heldBack'],
  'set-aside': ['owned', 'setAside'],
  expired: ['owned', 'expired'],
  'not-yet-valid': ['owned'],
  deleted: [],
};

const NONE: Counts = { owned: 0, free: 0, assigned: 0, inUse: 0, releasing: 0, heldBack: 0, setAside: 0, expired: 0 };

/** Counts licenses by class and folder, each in the state in which people see it on a day. */
export function countPools(today: Day) {
  const pools = new Map<string, ClassInFolder & { readonly counts: Counts }>();
  return {
    add: (entry: PoolEntry): void => {
      const columns = COUNTED_AS[stateOn(entry.state, entry, today)];
      if (columns.length === 0) return;
      const { type, access, modules, folderId } = entry;
      const key = poolKey(entry);
      const pool = pools.get(key) ?? { folderId, type, access, modules, counts: { ...NONE } };
      for (const name of columns) pool.counts[name] += 1;
      pools.set(key, pool);
    },
    result: (): readonly PoolCounts[] =>
      [...pools.values()].map(({ counts, ...pool }) => ({ ...pool, ...counts })).toSorted(compareByPool),
  };
}

export function poolKey({ type, access, modules, folderId }: ClassInFolder): string {
  return JSON.stringify([folderId, type, access, modules]);
}

export function compareByPool(one: ClassInFolder, other: ClassInFolder): number {
  return poolKey(one) < poolKey(other) ? -1 : 1;
}
