import { type FolderTree, folderAt, pathOf } from '../folder-tree.ts';
import type { PoolThreshold } from '../license/pool.ts';
import type { TenantSettings } from './tenant.ts';

/** The settings that name folders by their paths, or those of them that a request gives. */
type FolderSettings = {
  readonly folderClaims?: Pick<TenantSettings['folderClaims'], 'folders'>;
  readonly poolThresholds?: TenantSettings['poolThresholds'] & {};
};

/**
 * Returns the settings with the paths that their folders have in another tree, so that a mapping of a claim and the
 * threshold of a pool keep their folder when it is renamed or moved. A path without a folder stays as it is.
 */
export function followFolders(settings: TenantSettings, before: FolderTree, after: FolderTree): TenantSettings {
  const follow = (path: string): string => {
    const folderId = folderAt(before, path);
    return (folderId === undefined ? undefined : pathOf(after, folderId)) ?? path;
  };
  const { folderClaims, poolThresholds } = settings;
  const pools = (poolThresholds ?? []).map((pool) => ({ ...pool, folder: follow(pool.folder) }));
  const claims = Object.entries(folderClaims.folders).map(([claim, path]) => [claim, follow(path)]);
  return {
    ...settings,
    folderClaims: { ...folderClaims, folders: Object.fromEntries(claims) },
    ...(poolThresholds && { poolThresholds: pools.filter((pool) => !isReplaced(pool, pools, poolThresholds)) }),
  };
}

/**
 * Returns whether another threshold counts for the same pool after a merge: the one that the pool had before, or else
 * the first one.
 */
function isReplaced(pool: PoolThreshold, all: readonly PoolThreshold[], before: readonly PoolThreshold[]): boolean {
  const isSame = ({ folder, type, access }: PoolThreshold) =>
    folder === pool.folder && type === pool.type && access === pool.access;
  const counts = all.find((one, index) => isSame(one) && before[index]?.folder === one.folder) ?? all.find(isSame);
  return counts !== pool;
}

/** Returns the places of the settings that name a folder, with its path. */
export function foldersNamed({ folderClaims, poolThresholds = [] }: FolderSettings): readonly FolderNamed[] {
  return [
    ...Object.entries(folderClaims?.folders ?? {}).map(([claim, path]) => ({
      place: `folderClaims.folders.${claim}`,
      path,
    })),
    ...poolThresholds.map(({ folder }, index) => ({ place: `poolThresholds[${index}].folder`, path: folder })),
  ];
}

export type FolderNamed = { readonly place: string; readonly path: string };
