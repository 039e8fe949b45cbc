import { FolderTree, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useFolders } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { Select } from '../ui/select.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextField } from '../ui/text-field.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { type Tenant, useSettingsReason, useTenant } from './tenant-settings.ts';

/** Which claim of an identity provider leads to which folder. */
export function FoldersSection() {
  const text = useText();
  const tenant = useTenant();
  const readOnly = useSettingsReason();
  const [edited, setEdited] = useState<Tenant>();
  if (tenant.isPending) return <Loading />;
  if (tenant.isError) return <PageFaultView error={tenant.error} onRetry={() => void tenant.refetch()} />;
  const { folderClaims, claims } = tenant.data.settings;
  const rows = Object.entries(folderClaims.folders).map(([claim, folder]) => ({ claim, folder }));
  return (
    <div className="blocks">
      <div className="section-head">
        <h2>
          <T id="settings.section-folders" />
        </h2>
        <Button icon={Pencil} why={readOnly} onPress={() => setEdited(tenant.data)}>
          <T id="settings.edit" />
        </Button>
      </div>
      <p>
        <T id="settings.folders-explanation" /> <T id={`settings.folders-${claims}`} />
      </p>
      {rows.length === 0 ? (
        <Empty icon={FolderTree} title={<T id="settings.folders-none" />}>
          <p>
            <T id="settings.folders-none-next" />
          </p>
        </Empty>
      ) : (
        <SimpleTable
          caption={text('settings.section-folders')}
          columns={[
            { id: 'claim', head: text('settings.claim'), cell: ({ claim }) => <bdi translate="no">{claim}</bdi> },
            {
              id: 'folder',
              head: text('settings.folder'),
              cell: ({ folder }) => (folder === '' ? <T id="settings.root" /> : <bdi translate="no">{folder}</bdi>),
            },
          ]}
          rows={rows}
          rowKey={({ claim }) => claim}
        />
      )}
      {edited !== undefined && <FoldersDialog base={edited} onClose={() => setEdited(undefined)} />}
    </div>
  );
}

type Line = { readonly id: number; readonly claim: string; readonly folder: string };

function FoldersDialog({ base, onClose }: { readonly base: Tenant; readonly onClose: () => void }) {
  const text = useText();
  const { tenant } = usePlace();
  const folders = useFolders(tenant);
  const { folderClaims } = base.settings;
  const [lines, setLines] = useState<readonly Line[]>(() =>
    Object.entries(folderClaims.folders).map(([claim, folder], id) => ({ id, claim, folder })),
  );
  const wanted = Object.fromEntries(
    lines.filter(({ claim }) => claim.trim() !== '').map(({ claim, folder }) => [claim.trim(), folder]),
  );
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(folderClaims.folders);
  const change = (id: number, some: Partial<Line>) =>
    setLines((before) => before.map((line) => (line.id === id ? { ...line, ...some } : line)));
  const paths = new Set(['', ...(folders.data?.folders ?? []).map(({ folder }) => folder), ...Object.values(wanted)]);
  const choices = [...paths].map((path) => ({
    id: `/${path}`,
    text: path === '' ? text('settings.root') : path,
    isName: path !== '',
  }));
  return (
    <SettingsDialog
      title={<T id="settings.section-folders" />}
      base={base}
      patch={isChanged ? { folderClaims: { ...folderClaims, folders: wanted } } : {}}
      names={['folderClaims']}
      onClose={onClose}
    >
      {lines.map(({ id, claim, folder }) => (
        <div key={id} className="claim-line">
          <TextField label={text('settings.claim')} value={claim} onChange={(next) => change(id, { claim: next })} />
          <Select
            label={text('settings.folder')}
            choices={choices}
            value={`/${folder}`}
            onChange={(next) => change(id, { folder: next.slice(1) })}
          />
          <IconButton
            icon={Trash2}
            label={text('settings.claim-remove', { claim })}
            onPress={() => setLines((before) => before.filter((line) => line.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button
          icon={Plus}
          onPress={() =>
            setLines((before) => [...before, { id: (before.at(-1)?.id ?? -1) + 1, claim: '', folder: '' }])
          }
        >
          <T id="settings.claim-add" />
        </Button>
      </div>
    </SettingsDialog>
  );
}
