import { expect, it } from 'vitest';
import { eraseLastChange } from '../../shared/administration/erase-last-changes.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { licenseItem } from '../../shared/store/items.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, NOW } from '../fakes/world.ts';

const LATER = '2026-03-03T08:00:00.000Z';
const ERASED = { pseudonym: 'erased-1', erasedAt: '2026-03-02T12:00:00.000Z' };
const changedBy = (actor: string, at = NOW) => licenseItem(aLicense({ change: { actor, cause: 'move-license', at } }));

/** Who changed the license last, after an erasure of ada while somebody else changed it, or nobody did. */
async function erased(before: ReturnType<typeof changedBy>, meanwhile?: ReturnType<typeof changedBy>) {
  const table = memoryTable();
  await table.write([{ put: before }]);
  const raced: Table = {
    ...table,
    write: async (writes) => {
      if (meanwhile !== undefined) await table.write([{ put: meanwhile }]);
      return table.write(writes);
    },
  };
  await eraseLastChange(raced, { pk: before.pk, sk: before.sk }, 'ada', ERASED);
  return (table.items()[0]!['change'] as { actor: string }).actor;
}

it.each([
  ['the erased person', changedBy('ada'), undefined, 'erased-1'],
  ['somebody else', changedBy('bob'), undefined, 'bob'],
  ['a later bearer of the name', changedBy('ada', LATER), undefined, 'ada'],
  ['somebody else, at the same moment, meanwhile', changedBy('ada'), changedBy('bob'), 'bob'],
  ['a later bearer of the name, meanwhile', changedBy('ada'), changedBy('ada', LATER), 'ada'],
])('what was changed last by %s', async (_, before, meanwhile, actor) => {
  expect(await erased(before, meanwhile)).toBe(actor);
});
