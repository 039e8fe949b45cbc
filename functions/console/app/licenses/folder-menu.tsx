import { FolderInput, FolderPlus, Settings2, Trash2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Folder } from '../api/types.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ActionMenu } from '../ui/menu.tsx';
import { type Filters, ROOT } from './filters.ts';
import type { FolderChange } from './folder-dialog.tsx';

const FolderDialog = lazy(async () => ({ default: (await import('./on-demand.ts')).FolderDialog }));

type FolderMenuProps = {
  readonly folders: readonly Folder[];
  readonly version: number;
  /** The path of the chosen folder. */
  readonly value: string | undefined;
  readonly onChange: (change: Pick<Filters, 'folder'>) => void;
};

/** The folder of old licenses belongs to the service. */
const Z_OLD = 'zOld';

/** What can be done with the chosen folder. */
export function FolderMenu({ folders, version, value, onChange }: FolderMenuProps) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const [change, setChange] = useState<FolderChange>();
  const chosen = folders.find(({ folder }) => folder === (value === ROOT ? '' : value));
  const isOwn = chosen !== undefined && chosen.folder !== '' && chosen.folder !== Z_OLD;
  const fixed =
    readOnly ?? (isOwn ? undefined : text(chosen === undefined ? 'licenses.folder-first' : 'licenses.folder-fixed'));
  const isFull = chosen !== undefined && (chosen.licenses > 0 || chosen.userCards > 0);
  const { folder = '' } = chosen ?? {};
  return (
    <>
      <ActionMenu
        label={text('licenses.change-folders')}
        actions={[
          {
            id: 'create',
            text: text('licenses.folder-create'),
            icon: FolderPlus,
            why: readOnly ?? (folder === Z_OLD ? text('licenses.folder-fixed') : undefined),
            onAction: () => setChange({ kind: 'create', under: folder }),
          },
          {
            id: 'rename',
            text: text('licenses.folder-rename'),
            icon: FolderInput,
            why: fixed,
            onAction: () => setChange({ kind: 'rename', folder }),
          },
          {
            id: 'delete',
            text: text('licenses.folder-delete'),
            icon: Trash2,
            isDanger: true,
            why:
              fixed ??
              (isFull
                ? text('licenses.folder-full', { licenses: chosen.licenses, userCards: chosen.userCards })
                : undefined),
            onAction: () => setChange({ kind: 'delete', folder }),
          },
        ]}
      >
        <Button variant="quiet" icon={Settings2}>
          <T id="licenses.change-folders" />
        </Button>
      </ActionMenu>
      <Suspense>
        {change !== undefined && (
          <FolderDialog
            change={change}
            folders={folders}
            version={version}
            onDone={(path) => onChange({ folder: path })}
            onClose={() => setChange(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
