import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';
import { Faults } from './faults.tsx';

export type Webhook = Answer<'/tenants/{tenant}/webhook'>;
type EventType = NonNullable<Webhook['settings']['types']>[number];

const TYPES: readonly EventType[] = [
  'license.denied',
  'license.expiring',
  'pool.low',
  'pool.exhausted',
  'import.finished',
  'renewal.finished',
  'cleanup.stuck',
];

type WebhookDialogProps = { readonly webhook: Webhook | null; readonly onClose: () => void };

/** The settings of the webhook. Saving them also switches it on again. */
export function WebhookDialog({ webhook, onClose }: WebhookDialogProps) {
  const text = useText();
  const { tenant } = usePlace();
  const queries = useQueryClient();
  const [url, setUrl] = useState(webhook?.settings.url ?? '');
  const [secret, setSecret] = useState([webhook?.settings.secret ?? []].flat().join(' '));
  const [types, setTypes] = useState<readonly EventType[]>(webhook?.settings.types ?? TYPES);
  const version = webhook?.version ?? 0;
  const done = async () => {
    sayDone(<T id="settings.saved" />);
    await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
    onClose();
  };
  const refresh = () => queries.invalidateQueries({ queryKey: [...tenantKey(tenant), 'webhook'] });
  const save = useMutation({
    mutationFn: () =>
      read(
        api.PUT('/tenants/{tenant}/webhook', {
          params: { path: { tenant }, header: ifMatch(version) },
          body: {
            url: url.trim(),
            secret: secret.split(/\s+/).filter((one) => one !== ''),
            ...(types.length < TYPES.length && { types: [...types] }),
          },
        }),
      ),
    onSuccess: done,
    onError: refresh,
  });
  const remove = useMutation({
    mutationFn: () =>
      read(api.DELETE('/tenants/{tenant}/webhook', { params: { path: { tenant }, header: ifMatch(version) } })),
    onSuccess: done,
    onError: refresh,
  });
  const error = save.error ?? remove.error;
  return (
    <Dialog
      title={<T id="settings.section-webhook" />}
      onClose={onClose}
      actions={
        <>
          {webhook !== null && (
            <Button variant="danger" isPending={remove.isPending} onPress={() => remove.mutate()}>
              <T id="settings.delete" />
            </Button>
          )}
          <Button onPress={onClose}>
            <T id="settings.cancel" />
          </Button>
          <Button variant="primary" isPending={save.isPending} onPress={() => save.mutate()}>
            <T id="settings.save" />
          </Button>
        </>
      }
    >
      <TextField label={text('settings.webhook-url')} type="url" value={url} onChange={setUrl} />
      <TextField
        label={text('settings.webhook-secret')}
        value={secret}
        onChange={setSecret}
        hint={<T id="settings.hint-secret" />}
      />
      <fieldset className="event-types">
        <legend className="field-label">
          <T id="settings.webhook-types" />
        </legend>
        {TYPES.map((type) => (
          <CheckBox
            key={type}
            isSelected={types.includes(type)}
            onChange={(isSelected) =>
              setTypes((before) => TYPES.filter((one) => (one === type ? isSelected : before.includes(one))))
            }
          >
            <code translate="no">{type}</code>
          </CheckBox>
        ))}
      </fieldset>
      {error !== null && <Faults problem={Problem.from(error)} />}
    </Dialog>
  );
}
