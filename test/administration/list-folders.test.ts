import { describe, expect, it } from 'vitest';
import { createFolder, type FolderTree } from '../../shared/licensing/folder-tree.ts';
import { tenantItem } from '../../shared/store/items.ts';
import { aCommandWorld } from '../fakes/command-world.ts';
import { countingTable } from '../fakes/counting-table.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, FOLDERS } from '../fakes/world.ts';

/** FOLDERS with so many more, called `n0`, `n1` and so on. */
function manyFolders(count: number): FolderTree {
  let tree = FOLDERS;
  for (let index = 0; index < count; index += 1) {
    const created = createFolder(tree, `n${index}`, () => `n${index}`);
    if (created.kind === 'changed') tree = created.tree;
  }
  return tree;
}

type Facts = { readonly folders: number; readonly items: number };

/** A tenant with licenses and cards in turn in the folders n0, n1 and so on, and what list-folders reads and says. */
async function listed({ folders, items }: Facts) {
  const memory = memoryTable();
  const { table, counts } = countingTable(memory);
  const at = (index: number) => ({ folderId: `n${index % folders}` });
  const world = await aCommandWorld({
    table: { ...memory, ...table },
    licenses: [
      ...Array.from({ length: items }, (_, index) => aLicense({ serialNumber: `L${index}`, ...at(index) })),
      aLicense({ serialNumber: 'GONE', folderId: 'n0', deletedAt: '2026-02-01T10:00:00.000Z' }),
      aLicense({ serialNumber: 'OLD', folderId: 'zOld', setAsideOn: '2026-02-01' }),
    ],
    cards: Array.from({ length: items }, (_, index) => aUserCard({ user: `u${index}`, ...at(index) })),
  });
  await memory.write([{ put: tenantItem({ ...world.tenant, folders: manyFolders(folders) }) }]);
  counts.calls = 0;
  const answer = (await world.ask('list-folders')) as {
    readonly folders: readonly { readonly folder: string; readonly licenses: number; readonly userCards: number }[];
  };
  const row = (folder: string) => answer.folders.find((one) => one.folder === folder);
  return { calls: counts.calls, rows: answer.folders.length, row };
}

describe('list-folders', () => {
  it.each([
    ['few folders', { folders: 30, items: 60 }, 100],
    ['many folders, and few licenses and cards', { folders: 480, items: 960 }, 100],
    ['many folders, licenses and cards', { folders: 60, items: 1_200 }, 2 * 70],
  ])('counts each folder alike in a bounded number of calls: %s', async (_, facts: Facts, most) => {
    const { calls, rows, row } = await listed(facts);

    const each = facts.items / facts.folders;
    expect(rows).toBe(facts.folders + 5);
    expect(row('n0')).toEqual({ folder: 'n0', licenses: each, userCards: each });
    expect(row(`n${facts.folders - 1}`)).toMatchObject({ licenses: each, userCards: each });
    expect(row('zOld')).toMatchObject({ licenses: 1, userCards: 0 });
    expect(row('Finance')).toMatchObject({ licenses: 0, userCards: 0 });
    expect(calls).toBeLessThanOrEqual(most);
  });
});
