import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useFolders } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button, IconButton } from '../ui/button.tsx';
import { FolderSelect } from '../ui/folder-select.tsx';
import { FolderName, useClassText } from '../ui/names.tsx';
import { Select } from '../ui/select.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextField } from '../ui/text-field.tsx';
import { SettingsDialog } from './settings-dialog.tsx';
import { type Tenant, useSettingsReason } from './tenant-settings.ts';
import { faultsOf, type Line, MOST_FREE, MOST_POOLS, type Threshold } from './thresholds.ts';

const CLASSES = [
  { type: 'floating', access: 'write' },
  { type: 'floating', access: 'read' },
  { type: 'dedicated', access: 'write' },
  { type: 'dedicated', access: 'read' },
] as const;
const classId = ({ type, access }: Pick<Threshold, 'type' | 'access'>) => `${type}-${access}`;
const NO_POOLS: readonly Threshold[] = [];

/** The pools that are watched, and how few free licenses of each are a warning. */
export function ThresholdsBlock({ tenant }: { readonly tenant: Tenant }) {
  const text = useText();
  const classText = useClassText();
  const readOnly = useSettingsReason();
  const [edited, setEdited] = useState<Tenant>();
  const { poolThresholds = NO_POOLS } = tenant.settings;
  return (
    <section className="block">
      <div className="section-head">
        <h3>
          <T id="settings.name-poolThresholds" />
        </h3>
        <Button icon={Pencil} why={readOnly} onPress={() => setEdited(tenant)}>
          <T id="settings.pools-edit" />
        </Button>
      </div>
      <p className="muted">
        <T id={poolThresholds.length === 0 ? 'settings.pools-none' : 'settings.about-poolThresholds'} />
      </p>
      {poolThresholds.length > 0 && (
        <SimpleTable
          caption={text('settings.name-poolThresholds')}
          columns={[
            { id: 'folder', head: text('settings.folder'), cell: ({ folder }) => <FolderName path={folder} /> },
            { id: 'class', head: text('settings.pool-class'), cell: (one) => classText({ ...one, modules: 'all' }) },
            { id: 'free', head: text('settings.pool-free'), isNumber: true, cell: ({ free }) => free },
          ]}
          rows={poolThresholds}
          rowKey={(_, place) => String(place)}
        />
      )}
      {edited !== undefined && <ThresholdsDialog base={edited} onClose={() => setEdited(undefined)} />}
    </section>
  );
}

function ThresholdsDialog({ base, onClose }: { readonly base: Tenant; readonly onClose: () => void }) {
  const text = useText();
  const classText = useClassText();
  const folders = useFolders(usePlace().tenant).data?.folders.map(({ folder }) => folder);
  const { poolThresholds = NO_POOLS } = base.settings;
  const [lines, setLines] = useState(() =>
    poolThresholds.map((one, id): Line & { readonly id: number } => ({ ...one, free: String(one.free), id })),
  );
  const wanted = lines.map(({ id: _, free, ...pool }) => ({ ...pool, free: Number(free) }));
  const [before] = useState(wanted);
  const faults = faultsOf(lines, folders ?? lines.map(({ folder }) => folder));
  const change = (id: number, some: Partial<Line>) =>
    setLines(lines.map((line) => (line.id === id ? { ...line, ...some } : line)));
  const add = () => {
    const id = (lines.at(-1)?.id ?? -1) + 1;
    setLines([...lines, { id, folder: '', type: 'floating', access: 'write', free: '1' }]);
  };
  const faultText = (place: number) => {
    const fault = faults[place];
    return fault === undefined ? undefined : text(`settings.pool-fault-${fault}`, { most: MOST_FREE });
  };
  return (
    <SettingsDialog
      title={<T id="settings.name-poolThresholds" />}
      base={base}
      patch={JSON.stringify(wanted) === JSON.stringify(before) ? {} : { poolThresholds: wanted }}
      names={['poolThresholds']}
      why={faults.some((fault) => fault !== undefined) ? text('settings.pool-faults') : undefined}
      onClose={onClose}
    >
      {lines.map(({ id, folder, type, access, free }, place) => (
        <div key={id} className="pool-line">
          <FolderSelect
            label={text('settings.folder')}
            value={folder}
            onChange={(next = '') => change(id, { folder: next })}
            forUsers
          />
          <Select
            label={text('settings.pool-class')}
            choices={CLASSES.map((one) => ({ id: classId(one), text: classText({ ...one, modules: 'all' }) }))}
            value={classId({ type, access })}
            onChange={(next) => change(id, CLASSES.find((one) => classId(one) === next) ?? {})}
          />
          <TextField
            label={text('settings.pool-free')}
            type="number"
            value={free}
            onChange={(next) => change(id, { free: next })}
            fault={faultText(place)}
          />
          <IconButton
            icon={Trash2}
            label={text('settings.pool-remove', { count: place + 1 })}
            onPress={() => setLines(lines.filter((line) => line.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button
          icon={Plus}
          why={lines.length >= MOST_POOLS ? text('settings.pools-full', { most: MOST_POOLS }) : undefined}
          onPress={add}
        >
          <T id="settings.pool-add" />
        </Button>
      </div>
    </SettingsDialog>
  );
}
