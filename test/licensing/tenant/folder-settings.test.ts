import { expect, test } from 'vitest';
import { type FolderTree, mergeFolder, ROOT } from '../../../shared/licensing/folder-tree.ts';
import type { PoolThreshold } from '../../../shared/licensing/license/pool.ts';
import { followFolders } from '../../../shared/licensing/tenant/folder-settings.ts';
import { SETTINGS } from '../../fakes/world.ts';

const tree: FolderTree = { hr: { name: 'HR', parent: ROOT }, people: { name: 'People', parent: ROOT } };

const threshold = (folder: string, free: number, access: PoolThreshold['access'] = 'write'): PoolThreshold => ({
  folder,
  type: 'floating',
  access,
  free,
});

/** The thresholds after HR was merged into People. */
function afterMerge(poolThresholds: readonly PoolThreshold[]) {
  const merged = mergeFolder(tree, 'hr', 'people');
  return followFolders({ ...SETTINGS, poolThresholds }, tree, 'tree' in merged ? merged.tree : tree).poolThresholds;
}

test('a pool keeps its own threshold when another folder with one is merged into its folder', () => {
  const own = threshold('People', 2);

  expect(afterMerge([threshold('HR', 1), own])).toEqual([own]);
  expect(afterMerge([own, threshold('HR', 1)])).toEqual([own]);
});

test('a pool gets the threshold of the merged folder when it has none', () => {
  expect(afterMerge([threshold('HR', 1), threshold('People', 2, 'read')])).toEqual([
    threshold('People', 1),
    threshold('People', 2, 'read'),
  ]);
});
