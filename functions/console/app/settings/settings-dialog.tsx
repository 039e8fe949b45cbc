import type { ReactNode } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { saveOnce } from '../api/save-once.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import type { SettingName, Settings } from './setting-names.ts';
import { useSettingText } from './setting-text.ts';
import { readTenant, type Tenant } from './tenant-settings.ts';
import { VersionedDialog } from './versioned-dialog.tsx';

export type Patch = { -readonly [Name in keyof Settings]?: Settings[Name] };

type SettingsDialogProps = {
  readonly title: ReactNode;
  /** The settings as they were when the dialog opened. */
  readonly base: Tenant;
  /** What the person has changed in it. */
  readonly patch: Patch;
  /** The settings that the dialog may change. */
  readonly names: readonly SettingName[];
  /** Why what the person has changed cannot be saved. */
  readonly why?: string | undefined;
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Changes some settings of the tenant. The change can be undone from the activity drawer. */
export function SettingsDialog({ title, base, patch, names, why, onClose, children }: SettingsDialogProps) {
  const text = useText();
  const settingText = useSettingText();
  const { tenant, caller } = usePlace();
  const write = (body: Patch, version: number) =>
    read(
      api.PATCH('/tenants/{tenant}', {
        params: { path: { tenant }, header: ifMatch(version) },
        // When claims count is a setting of its own, which the mappings must not take back.
        body: { ...body, ...(body.folderClaims && { folderClaims: { folders: body.folderClaims.folders } }) },
      }),
    );
  const noteSaved = ({ version }: Pick<Tenant, 'version'>, before: Tenant) => {
    // A list that was never set goes back to an empty one.
    const undone: Patch = Object.fromEntries(
      names.filter((name) => Object.hasOwn(patch, name)).map((name) => [name, before.settings[name] ?? []]),
    );
    noteActivity({
      id: `settings-${version}`,
      at: serviceNow(caller),
      title: <T id="settings.changed" />,
      state: 'done',
      ledger: [],
      undo: async () => {
        await saveOnce({
          save: () => write(undone, version),
          read: () => readTenant(tenant),
          isSaved: ({ settings }) =>
            names.every((name) => settingText({ ...settings, ...undone }, name) === settingText(settings, name)),
        });
        return [];
      },
    });
  };
  return (
    <VersionedDialog
      title={title}
      base={base}
      read={() => readTenant(tenant)}
      save={(before) => write(patch, before.version)}
      onSaved={noteSaved}
      sides={(theirs) =>
        names.map((name) => ({
          id: name,
          name: <T id={`settings.name-${name}`} />,
          before: settingText(base.settings, name),
          mine: settingText({ ...theirs.settings, ...patch }, name),
          theirs: settingText(theirs.settings, name),
        }))
      }
      why={why ?? (Object.keys(patch).length === 0 ? text('settings.nothing-changed') : undefined)}
      onClose={onClose}
    >
      {children}
    </VersionedDialog>
  );
}
