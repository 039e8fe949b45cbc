import { useMemo } from 'react';
import type { Folder } from '../api/types.ts';
import { useText } from '../texts/text.tsx';
import { type Branch, Tree } from '../ui/tree.tsx';
import { ROOT } from './filters.ts';

type FolderTreeProps = {
  readonly folders: readonly Folder[];
  /** The chosen folder. Absent when the licenses of all folders show. */
  readonly value: string | undefined;
  readonly onChange: (folder: string | undefined) => void;
};

const ALL = ':all';

/** The folders with the number of licenses in each. */
export function FolderTree({ folders, value, onChange }: FolderTreeProps) {
  const text = useText();
  const branches = useMemo((): Branch[] => {
    const total = folders.reduce((sum, { licenses }) => sum + licenses, 0);
    const root = folders.find(({ folder }) => folder === '');
    return [
      { id: ALL, text: text('licenses.all-folders'), mark: total, children: [] },
      { id: ROOT, text: text('licenses.root'), mark: root?.licenses ?? 0, children: [] },
      ...branchesUnder('', folders),
    ];
  }, [folders, text]);
  return (
    <Tree
      // The tree opens all entries when it is made, so new folders need a new tree.
      key={folders.length}
      label={text('licenses.folders')}
      branches={branches}
      value={value ?? ALL}
      onChange={(id) => onChange(id === ALL ? undefined : id)}
    />
  );
}

/** Folders come by their paths, and a folder's own name is the last part of it. */
function branchesUnder(parent: string, folders: readonly Folder[]): Branch[] {
  const start = parent === '' ? '' : `${parent}/`;
  return folders
    .filter(({ folder }) => folder !== '' && folder.startsWith(start) && !folder.slice(start.length).includes('/'))
    .filter(({ folder }) => folder !== parent)
    .map(({ folder, licenses }) => ({
      id: folder,
      text: folder.slice(start.length),
      mark: licenses,
      children: branchesUnder(folder, folders),
    }));
}
