import { describe, expect, it } from 'vitest';
import { equal } from '../../shared/licensing/clause.ts';
import type { Item, Table } from '../../shared/platform/ports/table.ts';
import { type Update, unchanged, updateOptimistically } from '../../shared/store/optimistic-update.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { fixedClock } from '../fakes/world.ts';
import { forgetfulTable, interruptedTable } from '../fakes/wrapped-table.ts';

const key = { pk: 'P', sk: 'S' };
const put = (table: Table, color: string, version: number) => table.write([{ put: { ...key, color, version } }]);

/** Paints the item if it still has the version that the caller saw. */
function paint(table: Table, color: string, expectedVersion: number) {
  const paintFound = (found: Item | undefined): Update<Item, 'stale'> => {
    if (found?.['version'] !== expectedVersion) return unchanged('stale');
    const after = { ...key, color, version: expectedVersion + 1 };
    return { kind: 'write', writes: [{ put: after, onlyIf: [equal('version', expectedVersion)] }], after };
  };
  const deps = { table, clock: fixedClock(), random: () => 0 };
  return updateOptimistically(deps, () => table.get(key), paintFound);
}

describe('an optimistic update', () => {
  it('decides again after losing a race', async () => {
    const table = memoryTable();
    await put(table, 'white', 1);

    const answer = await paint(
      interruptedTable(table, 'write', () => put(table, 'red', 2)),
      'blue',
      1,
    );

    expect(answer).toBe('stale');
    expect(await table.get(key)).toMatchObject({ color: 'red' });
  });

  it('recognizes its own write when the response got lost', async () => {
    const { table, loseNextAnswer } = forgetfulTable(memoryTable());
    await put(table, 'white', 1);

    loseNextAnswer();

    expect(await paint(table, 'blue', 1)).toEqual({ ...key, color: 'blue', version: 2 });
  });

  it('does not take the same change by somebody else for its own before it has written', async () => {
    const table = memoryTable();
    await put(table, 'blue', 2);

    expect(await paint(table, 'blue', 1)).toBe('stale');
  });

  it('reads and decides again when a decision asks for it', async () => {
    const table = memoryTable();
    let attempts = 0;
    const decide = (): Update<never, string> => {
      attempts += 1;
      return attempts === 1 ? { kind: 'retry' } : unchanged('done');
    };
    const deps = { table, clock: fixedClock(), random: () => 0 };

    expect(await updateOptimistically(deps, () => table.get(key), decide)).toBe('done');
  });
});
