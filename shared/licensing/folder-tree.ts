import { entryOf } from './entries.ts';
import { MOST_FOLDERS } from './limits.ts';

/** The top of a tenant's tree. Its path is `""`. */
export const ROOT = 'root';

/**
 * The folder directly under the root where released licenses wait for deletion. It has no subfolders and no user cards.
 */
export const Z_OLD = 'zOld';

const MAX_NAME_LENGTH = 80;
const MAX_DEPTH = 8;

/** Folders by their immutable id. The root is not listed. Renaming or moving a folder changes only this tree. */
export type FolderTree = { readonly [folderId: string]: { readonly name: string; readonly parent: string } };

export const EMPTY_TREE: FolderTree = { [Z_OLD]: { name: Z_OLD, parent: ROOT } };

/** Returns the path of a folder (`Finance/Helsinki`, or `""` for the root), or undefined for an unknown id. */
export function pathOf(tree: FolderTree, folderId: string): string | undefined {
  const names: string[] = [];
  for (let id = folderId; id !== ROOT; ) {
    const folder = entryOf(tree, id);
    if (folder === undefined) return undefined;
    names.unshift(folder.name);
    id = folder.parent;
  }
  return names.join('/');
}

/** Returns the id of the folder at `path` (case-sensitive); undefined when it does not exist. */
export function folderAt(tree: FolderTree, path: string): string | undefined {
  if (path === '') return ROOT;
  return Object.keys(tree).find((folderId) => pathOf(tree, folderId) === path);
}

/** Returns the ids of a folder's direct subfolders. */
export function childrenOf(tree: FolderTree, folderId: string): readonly string[] {
  return Object.entries(tree).flatMap(([id, folder]) => (folder.parent === folderId ? [id] : []));
}

export type FolderRefusal = { readonly refused: string };

/**
 * Returns the tree with a folder at `path`, and creates missing parents. Returns the same tree when the folder exists.
 * Refuses to let a tree grow beyond the most folders of a tenant. A tree that is already larger stays valid. `newId`
 * gives each new folder its id.
 */
export function createFolder(
  tree: FolderTree,
  path: string,
  newId: () => string,
): { readonly tree: FolderTree; readonly folderId: string } | FolderRefusal {
  const refused = pathFault(path);
  if (refused !== undefined) return { refused };
  let result = tree;
  let parent = ROOT;
  for (const name of path === '' ? [] : path.split('/')) {
    const at = parent;
    const existing = childrenOf(result, at).find((id) => entryOf(result, id)?.name === name);
    if (existing === undefined && at === Z_OLD) return { refused: 'zOld has no subfolders' };
    const id: string = existing ?? newId();
    if (existing === undefined) result = { ...result, [id]: { name, parent: at } };
    parent = id;
  }
  const isGrown = result !== tree;
  if (isGrown && Object.keys(result).length > MOST_FOLDERS + Object.keys(EMPTY_TREE).length) {
    return { refused: `a tenant has at most ${MOST_FOLDERS} folders: use an existing one` };
  }
  return { tree: result, folderId: parent };
}

/**
 * Returns the tree with a folder renamed or moved to `newPath`, whose parent must exist. Folder ids stay, so no license
 * and no user card changes.
 */
export function renameFolder(
  tree: FolderTree,
  folderId: string,
  newPath: string,
): { readonly tree: FolderTree } | FolderRefusal {
  if (folderId === ROOT || folderId === Z_OLD) return { refused: 'the root and zOld keep their names' };
  const fault = newPath === '' ? 'the root exists already' : pathFault(newPath);
  if (fault !== undefined) return { refused: fault };
  const names = newPath.split('/');
  const name = names.at(-1) ?? '';
  const parent = folderAt(tree, names.slice(0, -1).join('/'));
  if (parent === undefined) return { refused: `the folder "${names.slice(0, -1).join('/')}" does not exist` };
  if (parent === Z_OLD) return { refused: 'zOld has no subfolders' };
  const existing = folderAt(tree, newPath);
  if (existing !== undefined && existing !== folderId) return { refused: `the folder "${newPath}" exists already` };
  for (let id = parent; id !== ROOT; id = entryOf(tree, id)?.parent ?? ROOT) {
    if (id === folderId) return { refused: 'a folder cannot be moved into itself' };
  }
  const moved = { ...tree, [folderId]: { name, parent } };
  const tooDeep = Object.keys(moved).some((id) => (pathOf(moved, id) ?? '').split('/').length > MAX_DEPTH);
  return tooDeep ? { refused: `a folder may be at most ${MAX_DEPTH} levels deep` } : { tree: moved };
}

/** Returns what is wrong with a path, as a text for people, or undefined when the path is valid. */
function pathFault(path: string): string | undefined {
  if (path === '') return undefined;
  const names = path.split('/');
  if (names.length > MAX_DEPTH) return `a folder may be at most ${MAX_DEPTH} levels deep`;
  const bad = names.find((name) => name.trim() === '' || [...name].length > MAX_NAME_LENGTH || hasControl(name));
  return bad === undefined
    ? undefined
    : `each folder name has 1 to ${MAX_NAME_LENGTH} characters, none of them a control character`;
}

function hasControl(name: string): boolean {
  return /\p{Cc}/u.test(name);
}
