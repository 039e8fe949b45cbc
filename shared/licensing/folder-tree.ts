import { entryOf } from './entries.ts';
import { MOST_FOLDERS } from './limits.ts';
import { showInvisible } from './show-invisible.ts';

/** The top of a tenant's tree. Its path is `""`. */
export const ROOT = 'root';

/**
 * The folder directly under the root where released licenses wait for deletion. It has no subfolders and no user cards.
 */
export const Z_OLD = 'zOld';

const MAX_NAME_LENGTH = 80;
const MAX_DEPTH = 8;

/**
 * Folders by their immutable id. The root is not listed. Renaming or moving a folder changes only this tree. A folder
 * that was merged or deleted stays with the folder that takes its place, so that whatever still names its id leads
 * there.
 */
export type FolderTree = { readonly [folderId: string]: Folder };

type Folder = { readonly name: string; readonly parent: string; readonly mergedInto?: string };

export const EMPTY_TREE: FolderTree = { [Z_OLD]: { name: Z_OLD, parent: ROOT } };

/** Returns the path of a folder (`Finance/Helsinki`, or `""` for the root), or undefined for an unknown id. */
export function pathOf(tree: FolderTree, folderId: string): string | undefined {
  const names: string[] = [];
  for (let id = presentFolder(tree, folderId); id !== ROOT; ) {
    const folder = entryOf(tree, id);
    if (folder === undefined) return undefined;
    names.unshift(folder.name);
    id = folder.parent;
  }
  return names.join('/');
}

/**
 * Returns the id of the folder at `path`; undefined when it does not exist. Case counts. The two ways in which Unicode
 * writes a letter with an accent (NFC, NFD) do not, since nobody sees the difference.
 */
export function folderAt(tree: FolderTree, path: string): string | undefined {
  if (path === '') return ROOT;
  const wanted = path.normalize();
  return presentFolders(tree).find((folderId) => pathOf(tree, folderId)?.normalize() === wanted);
}

/** Returns the path of the folder that a reader would take for the one at `path`. */
export function folderLike(tree: FolderTree, path: string): string | undefined {
  const paths = presentFolders(tree).flatMap((folderId) => pathOf(tree, folderId) ?? []);
  return paths.find((known) => looks(known) === looks(path));
}

/** Returns the ids of the folders that exist, without the root. */
export function presentFolders(tree: FolderTree): readonly string[] {
  return Object.entries(tree).flatMap(([id, { mergedInto }]) => (mergedInto === undefined ? [id] : []));
}

/** Returns the folder that has taken the place of a merged or deleted one, or the folder itself. */
export function presentFolder(tree: FolderTree, folderId: string): string {
  const into = entryOf(tree, folderId)?.mergedInto;
  return into === undefined ? folderId : presentFolder(tree, into);
}

/** Returns the ids of a folder's direct subfolders. */
export function childrenOf(tree: FolderTree, folderId: string): readonly string[] {
  return presentFolders(tree).filter((id) => entryOf(tree, id)?.parent === folderId);
}

/** A changed tree, or why it may not be changed, as a text for people. */
export type TreeChange<Changed = { readonly tree: FolderTree }> =
  | ({ readonly kind: 'changed' } & Changed)
  | { readonly kind: 'refused'; readonly text: string };

const refused = (text: string) => ({ kind: 'refused', text }) as const;

/**
 * Returns the tree with a folder at `path`, and creates missing parents. Returns the same tree when the folder exists.
 * Refuses a name that people would take for another one beside it. Refuses to let a tree grow beyond the most folders
 * of a tenant. A tree that is already larger stays valid. `newId` gives each new folder its id.
 */
export function createFolder(
  tree: FolderTree,
  path: string,
  newId: () => string,
): TreeChange<{ readonly tree: FolderTree; readonly folderId: string }> {
  const existing = folderAt(tree, path);
  if (existing !== undefined) return { kind: 'changed', tree, folderId: existing };
  const fault = pathFault(path);
  if (fault !== undefined) return refused(fault);
  const names = path.normalize().split('/');
  let result = tree;
  let parent = ROOT;
  for (const [level, name] of names.entries()) {
    const found = folderAt(result, names.slice(0, level + 1).join('/'));
    const taken = found === undefined ? newNameFault(result, parent, name) : undefined;
    if (taken !== undefined) return refused(taken);
    const id: string = found ?? newId();
    if (found === undefined) result = { ...result, [id]: { name, parent } };
    parent = id;
  }
  if (presentFolders(result).length > MOST_FOLDERS + Object.keys(EMPTY_TREE).length) {
    return refused(`a tenant has at most ${MOST_FOLDERS} folders: use an existing one`);
  }
  return { kind: 'changed', tree: result, folderId: parent };
}

/**
 * Returns the tree with a folder renamed or moved to `newPath`, whose parent must exist. Folder ids stay, so no license
 * and no user card changes.
 */
export function renameFolder(tree: FolderTree, folderId: string, newPath: string): TreeChange {
  if (isFixed(folderId)) return refused('the root and zOld keep their names');
  const fault = newPath === '' ? 'the root exists already' : pathFault(newPath);
  if (fault !== undefined) return refused(fault);
  const names = newPath.normalize().split('/');
  const name = names.at(-1) ?? '';
  const parent = folderAt(tree, names.slice(0, -1).join('/'));
  if (parent === undefined) return refused(`the folder "${names.slice(0, -1).join('/')}" does not exist`);
  const existing = folderAt(tree, newPath);
  if (existing !== undefined && existing !== folderId) {
    return refused(`the folder "${newPath}" exists already: merge-folder moves what is in one folder into another`);
  }
  const taken = newNameFault(drop(tree, folderId), parent, name);
  if (taken !== undefined) return refused(taken);
  if (isWithin(tree, parent, folderId)) return refused('a folder cannot be moved into itself');
  const moved = { ...tree, [folderId]: { name, parent } };
  const tooDeep = Object.keys(moved).some((id) => (pathOf(moved, id) ?? '').split('/').length > MAX_DEPTH);
  return tooDeep ? refused(`a folder may be at most ${MAX_DEPTH} levels deep`) : { kind: 'changed', tree: moved };
}

/**
 * Returns the tree without a folder. Its parent takes its place. The caller checks that the folder is empty. Refuses
 * one that has subfolders.
 */
export function deleteFolder(tree: FolderTree, folderId: string): TreeChange {
  if (isFixed(folderId)) return refused('the root and zOld always exist');
  const [child] = childrenOf(tree, folderId);
  if (child !== undefined) return refused(`it has the subfolder "${pathOf(tree, child)}": delete or move that first`);
  return mergeFolder(tree, folderId, entryOf(tree, folderId)?.parent ?? ROOT);
}

/**
 * Returns the tree in which another folder takes the place of a folder and gets its subfolders. Refuses when a
 * subfolder would look like one that is there.
 */
export function mergeFolder(tree: FolderTree, folderId: string, into: string): TreeChange {
  if (isFixed(folderId)) return refused('the root and zOld always exist');
  const folder = entryOf(tree, folderId);
  if (folder === undefined) return refused('the folder does not exist');
  if (into === Z_OLD) return refused('zOld takes no folder: move the licenses there');
  if (isWithin(tree, into, folderId)) return refused('a folder cannot be merged into itself, or into one below it');
  let result: FolderTree = { ...tree, [folderId]: { ...folder, mergedInto: into } };
  for (const child of childrenOf(tree, folderId)) {
    const name = entryOf(tree, child)?.name ?? '';
    const taken = newNameFault(result, into, name);
    if (taken !== undefined) return refused(`its subfolder ${taken}`);
    result = { ...result, [child]: { name, parent: into } };
  }
  return { kind: 'changed', tree: result };
}

/**
 * Returns the id of the folder that was merged from this path into another one; undefined if there was no such folder.
 */
export function mergedAt(tree: FolderTree, path: string, into: string): string | undefined {
  const parent = path.split('/').slice(0, -1).join('/');
  const name = path.split('/').at(-1)?.normalize();
  return Object.keys(tree).find((id) => {
    const folder = entryOf(tree, id);
    return folder?.mergedInto === into && folder.name === name && pathOf(tree, folder.parent) === parent;
  });
}

/** Returns the ids of a folder and of all folders below it. */
export function branchOf(tree: FolderTree, folderId: string): readonly string[] {
  return [ROOT, ...Object.keys(tree)].filter((id) => isWithin(tree, presentFolder(tree, id), folderId));
}

/**
 * Returns the ids under which something can stand in a folder: its own, and those of folders that were merged into it.
 */
export function idsOf(tree: FolderTree, folderId: string): readonly string[] {
  return [folderId, ...Object.keys(tree).filter((id) => id !== folderId && presentFolder(tree, id) === folderId)];
}

/** Returns whether a folder is `above`, or below it. */
function isWithin(tree: FolderTree, folderId: string, above: string): boolean {
  for (let id = folderId; id !== ROOT; id = entryOf(tree, id)?.parent ?? ROOT) {
    if (id === above) return true;
  }
  return above === ROOT;
}

function isFixed(folderId: string): boolean {
  return folderId === ROOT || folderId === Z_OLD;
}

function drop(tree: FolderTree, folderId: string): FolderTree {
  const { [folderId]: _, ...others } = tree;
  return others;
}

/** Returns what is wrong with a new name in a folder, or undefined. */
function newNameFault(tree: FolderTree, parent: string, name: string): string | undefined {
  if (parent === Z_OLD) return 'zOld has no subfolders';
  const alike = childrenOf(tree, parent).find((id) => looks(entryOf(tree, id)?.name ?? '') === looks(name));
  if (alike === undefined) return undefined;
  return `"${showInvisible(name)}" looks like the folder "${pathOf(tree, alike)}": use that one, or choose another name`;
}

/** Returns what is wrong with a path, as a text for people, or undefined when the path is valid. */
function pathFault(path: string): string | undefined {
  const names = path.normalize().split('/');
  if (names.length > MAX_DEPTH) return `a folder may be at most ${MAX_DEPTH} levels deep`;
  if (names.some((name) => looks(name) === '' || [...name].length > MAX_NAME_LENGTH || /\p{Cc}/u.test(name))) {
    return `each folder name has 1 to ${MAX_NAME_LENGTH} characters, none of them a control character`;
  }
  const padded = names.find((name) => name !== name.trim());
  return padded === undefined
    ? undefined
    : `"${showInvisible(padded)}" begins or ends with a blank: leave the blank out`;
}

/** Returns what people see of a name: one spelling for case, width, blanks and characters that show nothing. */
function looks(name: string): string {
  const visible = name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return visible.trim().replace(/\s+/gu, ' ').toLowerCase();
}
