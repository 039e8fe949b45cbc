import { expect, it } from 'vitest';
import { eraseLastChange } from '../../shared/administration/erase-last-changes.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { licenseItem } from '../../shared/store/items.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, NOW } from '../fakes/world.ts';

const LATER = '2026-03-03T08:00:00.000Z';
const ERASED = { pseudonym: 'erased-1', erasedAt: '2026-03-02T12:00:00.000Z' };
const changedBy = (actor: string, at = NOW) => licenseItem(aLicense({ change: { actor, cause: 'move-license', at } }));

/** Returns who changed the license last after ada was erased. `concurrent` is written right before the erasure. */
async function erased(before: ReturnType<typeof changedBy>, concurrent?: ReturnType<typeof changedBy>) {
  const table = memoryTable();
  await table.write([{ put: before }]);
  const raced: Table = {
    ...table,
    write: async (writes) => {
      if (concurrent !== undefined) await table.write([{ put: concurrent }]);
      return table.write(writes);
    },
  };
  await eraseLastChange(raced, { pk: before.pk, sk: before.sk }, 'ada', ERASED);
  return (table.items()[0]!['change'] as { actor: string }).actor;
}

it.each([
  ['the erased person', changedBy('ada'), undefined, 'erased-1'],
  ['somebody else', changedBy('bob'), undefined, 'bob'],
  ['a later user of the name', changedBy('ada', LATER), undefined, 'ada'],
  ['somebody else, concurrently at the same moment', changedBy('ada'), changedBy('bob'), 'bob'],
  ['a later user of the name, concurrently', changedBy('ada'), changedBy('ada', LATER), 'ada'],
])('the last editor of an item, %s, after the erasure', async (_, before, concurrent, actor) => {
  expect(await erased(before, concurrent)).toBe(actor);
});
