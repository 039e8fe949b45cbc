import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { conflictTable, type Faults } from './conflict-table.ts';
import type { Units } from './item-units.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** What a storm runs on: a table and its time. */
export type Testbed = {
  readonly time: VirtualTime;
  readonly table: Table;
  /** The table as one login sees it; what it consumes is added to `units`, where the testbed can tell. */
  readonly tableFor: (units: Units) => Table;
  /** Puts what a storm begins with. */
  readonly fill: (items: readonly Item[]) => Promise<void>;
  /** From now on calls meet the faults, where the testbed has any. */
  readonly begin: () => void;
  /** The moment from which or to which something was certainly free. */
  readonly moment: () => number;
  /**
   * Serial numbers of what was free in a place (`V#acme#root w1`) all the time from one moment to another; true once
   * the storm is over.
   */
  readonly certainlyFree: (place: string, from: number, to: number) => readonly string[];
  /** Everything that is stored at this moment, while others write; absent where that cannot be seen. */
  readonly glance?: () => readonly Item[];
  /** Everything that is stored, when nobody writes any more. */
  readonly stored: () => Promise<readonly Item[]>;
  readonly conflicts: { readonly transactions: number; readonly refused: number };
};

export type TestbedFacts = { readonly seed: number; readonly faults?: Faults };

/** The conflict simulator. */
export async function simulatedTestbed({ seed, faults }: TestbedFacts): Promise<Testbed> {
  const time = virtualTime();
  const conflict = conflictTable({ time, seed });
  return {
    time,
    table: conflict.table,
    tableFor: conflict.tableFor,
    fill: conflict.fill,
    begin: () => conflict.setFaults(faults ?? {}),
    moment: time.now,
    certainlyFree: conflict.certainlyFree,
    glance: conflict.items,
    stored: async () => conflict.items(),
    conflicts: conflict.conflicts,
  };
}
