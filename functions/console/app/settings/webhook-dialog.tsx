import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { CheckBox } from '../ui/check-box.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { sayDone } from '../ui/toast.tsx';
import { Faults } from './faults.tsx';
import { VersionedDialog } from './versioned-dialog.tsx';

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

/** Returns the webhook of a tenant, or `null` if none is set up. */
export async function readWebhook(tenant: string, signal?: AbortSignal): Promise<Webhook | null> {
  const params = { path: { tenant } };
  try {
    return await read(api.GET('/tenants/{tenant}/webhook', { params, ...(signal && { signal }) }));
  } catch (error) {
    if (Problem.from(error).code === 'unknown-webhook') return null;
    throw error;
  }
}

type WebhookDialogProps = { readonly webhook: Webhook | null; readonly onClose: () => void };

/** The settings of the webhook. Saving them also switches it on again. */
export function WebhookDialog({ webhook, onClose }: WebhookDialogProps) {
  const text = useText();
  const { tenant } = usePlace();
  // What was read when the dialog opened. The page behind it may be refreshed meanwhile.
  const [base] = useState(webhook);
  const [draft, setDraft] = useState(() => draftOf(base));
  const { url, secret, types } = draft;
  const set = (some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some }));
  return (
    <VersionedDialog
      title={<T id="settings.section-webhook" />}
      base={base}
      read={() => readWebhook(tenant)}
      save={(before) =>
        read(
          api.PUT('/tenants/{tenant}/webhook', {
            params: { path: { tenant }, header: ifMatch(before?.version ?? 0) },
            body: {
              url: url.trim(),
              secret: secret.split(/\s+/).filter((one) => one !== ''),
              ...(types.length < TYPES.length && { types: [...types] }),
            },
          }),
        )
      }
      sides={(theirs) =>
        (['url', 'secret', 'types'] as const).map((name) => ({
          id: name,
          name: <T id={`settings.webhook-${name}`} />,
          before: lineOf(draftOf(base)[name]),
          mine: lineOf(draft[name]),
          theirs: lineOf(draftOf(theirs)[name]),
        }))
      }
      onClose={onClose}
    >
      <TextField label={text('settings.webhook-url')} type="url" value={url} onChange={(next) => set({ url: next })} />
      <TextField
        label={text('settings.webhook-secret')}
        value={secret}
        onChange={(next) => set({ secret: next })}
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
              set({ types: TYPES.filter((one) => (one === type ? isSelected : types.includes(one))) })
            }
          >
            <code translate="no">{type}</code>
          </CheckBox>
        ))}
      </fieldset>
    </VersionedDialog>
  );
}

type Draft = { readonly url: string; readonly secret: string; readonly types: readonly EventType[] };

const draftOf = (webhook: Webhook | null): Draft => ({
  url: webhook?.settings.url ?? '',
  secret: [webhook?.settings.secret ?? []].flat().join(' '),
  types: webhook?.settings.types ?? TYPES,
});

const lineOf = (value: string | readonly string[]) => [value].flat().join(', ');

type DeleteWebhookDialogProps = { readonly webhook: Webhook; readonly onClose: () => void };

/** Asks before the webhook is deleted. A version that somebody else has saved meanwhile is not deleted. */
export function DeleteWebhookDialog({ webhook, onClose }: DeleteWebhookDialogProps) {
  const { tenant } = usePlace();
  const queries = useQueryClient();
  const [{ version, settings }] = useState(webhook);
  const remove = useMutation({
    mutationFn: () =>
      read(api.DELETE('/tenants/{tenant}/webhook', { params: { path: { tenant }, header: ifMatch(version) } })),
    onSuccess: () => {
      sayDone(<T id="settings.webhook-deleted" />);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  return (
    <ConfirmDialog
      title={<T id="settings.webhook-delete" />}
      action={<T id="settings.delete" />}
      isDanger
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        <T id="settings.webhook-delete-text" values={{ url: <bdi translate="no">{settings.url}</bdi> }} />
      </p>
      {remove.isError && <Faults problem={Problem.ofChange(remove.error)} />}
    </ConfirmDialog>
  );
}
