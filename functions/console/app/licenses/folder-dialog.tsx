import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, intent, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import type { Folder } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';

export type FolderChange =
  | { readonly kind: 'create'; readonly under: string }
  | { readonly kind: 'rename' | 'delete'; readonly folder: string };

type FolderDialogProps = {
  readonly change: FolderChange;
  readonly folders: readonly Folder[];
  readonly version: number;
  /** Shows a folder, or all of them. */
  readonly onDone: (folder: string | undefined) => void;
  readonly onClose: () => void;
};

/** Creates, renames, moves or deletes a folder. A renamed folder can be renamed back from the activity drawer. */
export function FolderDialog({ change, folders, version, onDone, onClose }: FolderDialogProps) {
  const text = useText();
  const queries = useQueryClient();
  const { caller, tenant } = usePlace();
  const send = useIntent();
  const before = change.kind === 'create' ? change.under : change.folder;
  const [path, setPath] = useState(change.kind === 'create' && before !== '' ? `${before}/` : before);
  const wanted = path.trim();
  const inside = folders.filter(({ folder }) => folder === before || folder.startsWith(`${before}/`));
  const count = (part: 'licenses' | 'userCards') => inside.reduce((sum, one) => sum + one[part], 0);

  const rename = (from: string, newPath: string, at: number, key: ReturnType<typeof intent>) =>
    read(
      api.POST('/tenants/{tenant}/folders/{folder}/rename', {
        params: { path: { tenant, folder: from }, header: { ...key, ...ifMatch(at) } },
        body: { newPath },
      }),
    );
  const refresh = () => queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  const undo = async () => {
    const now = await read(api.GET('/tenants/{tenant}/folders', { params: { path: { tenant } } }));
    await rename(wanted, before, now.version, intent(newIntent()));
    await refresh();
    return [{ name: before }];
  };

  const save = useMutation({
    mutationFn: async () => {
      switch (change.kind) {
        case 'create':
          return send(
            (key) =>
              read(
                api.POST('/tenants/{tenant}/folders', {
                  params: { path: { tenant }, header: { ...key, ...ifMatch(version) } },
                  body: { folder: wanted },
                }),
              ),
            [wanted, version],
          );
        case 'rename':
          return send((key) => rename(before, wanted, version, key), [wanted, version]);
        case 'delete':
          return read(
            api.DELETE('/tenants/{tenant}/folders/{folder}', {
              params: { path: { tenant, folder: before }, header: ifMatch(version) },
            }),
          );
      }
    },
    onSuccess: () => {
      const name = change.kind === 'delete' ? before : wanted;
      const title = <T id={`licenses.folder-did-${change.kind}`} values={{ folder: name, before }} />;
      const back = change.kind === 'rename' ? { undo } : {};
      noteActivity({ id: newIntent(), at: serviceNow(caller), title, state: 'done', ledger: [{ name }], ...back });
      sayDone(title);
      onDone(change.kind === 'delete' ? undefined : wanted);
      onClose();
    },
    onSettled: refresh,
  });

  const isTaken = folders.some(({ folder }) => folder === wanted);
  const why =
    change.kind === 'delete'
      ? undefined
      : wanted === '' || wanted === before || wanted.endsWith('/')
        ? text('licenses.folder-name-first')
        : isTaken
          ? text('licenses.folder-taken')
          : undefined;
  return (
    <Dialog
      title={<T id={`licenses.folder-ask-${change.kind}`} values={{ folder: before }} />}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="ui.cancel" />
          </Button>
          <Button
            variant={change.kind === 'delete' ? 'danger' : 'primary'}
            why={why}
            isPending={save.isPending}
            onPress={() => save.mutate()}
          >
            <T id={`licenses.folder-do-${change.kind}`} />
          </Button>
        </>
      }
    >
      {change.kind === 'rename' && (
        <p>
          <T
            id="licenses.folder-keeps"
            values={{ licenses: count('licenses'), userCards: count('userCards'), folders: inside.length - 1 }}
          />
        </p>
      )}
      {change.kind === 'delete' ? (
        <p>
          <T id="licenses.folder-delete-explanation" />
        </p>
      ) : (
        <TextField
          label={text('licenses.folder-path')}
          value={path}
          onChange={setPath}
          hint={<T id="licenses.folder-path-hint" />}
          autoFocus
        />
      )}
      {save.isError && (
        <Notice kind="danger">
          <ProblemText problem={Problem.ofChange(save.error)} />
        </Notice>
      )}
    </Dialog>
  );
}
