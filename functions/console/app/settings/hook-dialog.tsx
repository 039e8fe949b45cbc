import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';
import { Faults } from './faults.tsx';
import { HOOK_FIELDS, type Hook, PROVIDER_NAMES, type Provider, valuesOf } from './providers.ts';

type HookDialogProps = {
  readonly provider: Provider;
  readonly hook: Hook | undefined;
  readonly onClose: () => void;
};

/** The settings of a hook as lines of text, with several values apart by blanks. */
export function HookDialog({ provider, hook, onClose }: HookDialogProps) {
  const text = useText();
  const { tenant } = usePlace();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(HOOK_FIELDS.map((field) => [field, valuesOf(hook?.settings ?? {}, field).join(' ')])),
  );
  const save = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/tenants/{tenant}/hooks/{provider}', {
          params: { path: { tenant, provider }, header: ifMatch(hook?.version ?? 0) },
          body: bodyOf(draft, hook?.settings.jwks),
        }),
      ),
    onSuccess: async () => {
      sayDone(<T id="settings.saved" />);
      await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
      onClose();
    },
    onError: () => queries.invalidateQueries({ queryKey: [...tenantKey(tenant), 'hooks'] }),
  });
  return (
    <Dialog
      title={PROVIDER_NAMES[provider]}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>
            <T id="settings.cancel" />
          </Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => save.mutate()}>
            <T id="settings.save" />
          </Button>
        </>
      }
    >
      <p className="muted">
        <T id="settings.hook-lines" />
      </p>
      {HOOK_FIELDS.map((field) => (
        <TextField
          key={field}
          label={text(`settings.hook-${field}`)}
          value={draft[field] ?? ''}
          onChange={(value) => setDraft((before) => ({ ...before, [field]: value }))}
        />
      ))}
      {save.isError && <Faults problem={Problem.from(save.error)} />}
    </Dialog>
  );
}

function bodyOf(draft: Readonly<Record<string, string>>, jwks: Hook['settings']['jwks']) {
  const values = (field: string) => (draft[field] ?? '').split(/\s+/).filter((one) => one !== '');
  const some = <Name extends string>(name: Name) => (values(name).length === 0 ? {} : { [name]: values(name) });
  const keys = draft['jwks']?.trim() ?? '';
  // Keys that stand in the settings themselves show as JSON, and are kept as they are.
  const keptKeys = typeof jwks === 'object' && keys === JSON.stringify(jwks) ? jwks : keys;
  const appId = draft['appId']?.trim() ?? '';
  return {
    ...some('issuer'),
    ...some('audience'),
    ...some('secret'),
    ...some('authorization'),
    ...some('clientState'),
    ...some('clientIds'),
    ...some('tenants'),
    ...(keptKeys === '' ? {} : { jwks: keptKeys }),
    ...(appId === '' ? {} : { appId }),
  };
}
