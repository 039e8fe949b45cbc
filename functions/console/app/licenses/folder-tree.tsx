import { TriangleAlert } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import type { Folder } from '../api/types.ts';
import { useText } from '../texts/text.tsx';
import { type Branch, Tree } from '../ui/tree.tsx';
import { type Filters, ROOT } from './filters.ts';
import type { LayoutWarning } from './mend.ts';

type FolderTreeProps = {
  readonly folders: readonly Folder[];
  /** What the check of the layout says, which stands at its folder. */
  readonly warnings?: readonly LayoutWarning[] | undefined;
  /** The chosen folder. Absent when the licenses of all folders show. */
  readonly value: string | undefined;
  readonly onChange: (change: Pick<Filters, 'folder' | 'subfolders'>) => void;
};

/** No path of a folder begins so. */
const ALL = '/all';

const NO_WARNINGS: readonly LayoutWarning[] = [];

/** The folders with the number of licenses in each. A click on a row does not render them again. */
export const FolderTree = memo(function FolderTree({
  folders,
  warnings = NO_WARNINGS,
  value,
  onChange,
}: FolderTreeProps) {
  const text = useText();
  const branches = useMemo((): Branch[] => {
    const mark = ({ folder, licenses }: Folder) => {
      const count = warnings.filter((warning) => warning.folder === folder).length;
      return count === 0 ? (
        licenses
      ) : (
        <span className="tree-warning">
          <TriangleAlert size={13} aria-label={text('licenses.layout-count', { count })} /> {licenses}
        </span>
      );
    };
    const total = folders.reduce((sum, { licenses }) => sum + licenses, 0);
    const root = folders.find(({ folder }) => folder === '');
    return [
      { id: ALL, text: text('licenses.all-folders'), mark: total, children: [] },
      { id: ROOT, text: text('licenses.root'), mark: root === undefined ? 0 : mark(root), children: [] },
      ...branchesUnder('', folders, mark),
    ];
  }, [folders, warnings, text]);
  return (
    <Tree
      // The tree opens all entries when it is made, so new folders need a new tree.
      key={folders.length}
      label={text('licenses.folders')}
      branches={branches}
      value={value ?? ALL}
      onChange={(id) => onChange({ folder: id === ALL ? undefined : id, subfolders: undefined })}
    />
  );
});

/** Folders come by their paths, and a folder's own name is the last part of it. */
function branchesUnder(parent: string, folders: readonly Folder[], mark: (folder: Folder) => ReactNode): Branch[] {
  const start = parent === '' ? '' : `${parent}/`;
  return folders
    .filter(({ folder }) => folder !== '' && folder.startsWith(start) && !folder.slice(start.length).includes('/'))
    .filter(({ folder }) => folder !== parent)
    .map((one) => ({
      id: one.folder,
      text: one.folder.slice(start.length),
      mark: mark(one),
      children: branchesUnder(one.folder, folders, mark),
    }));
}
