import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { sayDone } from '../ui/toast.tsx';
import { Faults } from './faults.tsx';
import { StaleSides } from './stale-sides.tsx';
import { readTenant, type SettingName, type Settings, type Tenant } from './tenant-settings.ts';

export type Patch = { -readonly [Name in keyof Settings]?: Settings[Name] };

type SettingsDialogProps = {
  readonly title: ReactNode;
  /** The settings as they were when the dialog opened. */
  readonly base: Tenant;
  /** What the person has changed in it. */
  readonly patch: Patch;
  /** The settings that the dialog may change. */
  readonly names: readonly SettingName[];
  readonly onClose: () => void;
  readonly children: ReactNode;
};

/** Saves changed settings on the version that was read. When somebody was faster, it shows both sides. */
export function SettingsDialog({ title, base, patch, names, onClose, children }: SettingsDialogProps) {
  const text = useText();
  const { tenant, caller } = usePlace();
  const queries = useQueryClient();
  const [theirs, setTheirs] = useState<Tenant>();
  const write = (body: Patch, version: number) =>
    read(
      api.PATCH('/tenants/{tenant}', {
        params: { path: { tenant }, header: ifMatch(version) },
        // When claims count is a setting of its own, which the mappings must not take back.
        body: { ...body, ...(body.folderClaims && { folderClaims: { folders: body.folderClaims.folders } }) },
      }),
    );
  const save = useMutation({
    mutationFn: (version: number) => write(patch, version),
    onSuccess: async ({ version }) => {
      const before = (theirs ?? base).settings;
      const undone: Patch = Object.fromEntries(
        names.filter((name) => Object.hasOwn(patch, name)).map((name) => [name, before[name]]),
      );
      noteActivity({
        id: `settings-${version}`,
        at: serviceNow(caller),
        title: <T id="settings.changed" />,
        state: 'done',
        ledger: [],
        undo: async () => {
          await write(undone, version);
          return [];
        },
      });
      sayDone(<T id="settings.saved" />);
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
      onClose();
    },
    onError: async (error) => {
      if (Problem.from(error).code === 'stale-version') setTheirs(await readTenant(tenant));
    },
  });
  const isUnchanged = Object.keys(patch).length === 0;
  const problem = save.isError ? Problem.from(save.error) : undefined;
  return (
    <Dialog
      title={title}
      size={theirs === undefined ? 'small' : 'wide'}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id={theirs === undefined ? 'settings.cancel' : 'settings.keep-theirs'} />
          </Button>
          <Button
            variant="primary"
            why={isUnchanged ? text('settings.nothing-changed') : undefined}
            isPending={save.isPending}
            onPress={() => save.mutate((theirs ?? base).version)}
          >
            <T id={theirs === undefined ? 'settings.save' : 'settings.save-mine'} />
          </Button>
        </>
      }
    >
      {theirs === undefined ? (
        children
      ) : (
        <StaleSides
          names={names}
          before={base.settings}
          mine={{ ...base.settings, ...patch }}
          theirs={theirs.settings}
        />
      )}
      {problem !== undefined && problem.code !== 'stale-version' && <Faults problem={problem} />}
    </Dialog>
  );
}
