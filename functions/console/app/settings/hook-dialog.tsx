import { useState } from 'react';
import { api, ifMatch, read } from '../api/client.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { TextField } from '../ui/text-field.tsx';
import { HOOK_RULES } from './defaults.ts';
import {
  HOOK_FIELDS,
  type Hook,
  type HookField,
  PROVIDER_NAMES,
  type Provider,
  readHooks,
  valuesOf,
} from './providers.ts';
import { VersionedDialog } from './versioned-dialog.tsx';

type HookDialogProps = {
  readonly provider: Provider;
  readonly hook: Hook | undefined;
  readonly onClose: () => void;
};

/** The settings of a hook as lines of text, with several values apart by blanks. */
export function HookDialog({ provider, hook, onClose }: HookDialogProps) {
  const text = useText();
  const { tenant } = usePlace();
  const { needs, may }: Readonly<Record<'needs' | 'may', readonly HookField[]>> = HOOK_RULES[provider];
  // What was read when the dialog opened. The page behind it may be refreshed meanwhile.
  const [base] = useState(hook);
  const [draft, setDraft] = useState(() => linesOf(base));
  return (
    <VersionedDialog
      title={<span translate="no">{PROVIDER_NAMES[provider]}</span>}
      base={base}
      read={async () => (await readHooks(tenant)).find((one) => one.provider === provider)}
      save={(before) =>
        read(
          api.PUT('/tenants/{tenant}/hooks/{provider}', {
            params: { path: { tenant, provider }, header: ifMatch(before?.version ?? 0) },
            body: bodyOf(draft, base?.settings.jwks),
          }),
        )
      }
      sides={(theirs) =>
        HOOK_FIELDS.map((field) => ({
          id: field,
          name: <T id={`settings.hook-${field}`} />,
          before: linesOf(base)[field] ?? '',
          mine: draft[field] ?? '',
          theirs: linesOf(theirs)[field] ?? '',
        }))
      }
      onClose={onClose}
    >
      <p className="muted">
        <T id="settings.hook-lines" />
      </p>
      {[...needs, ...may].map((field) => (
        <TextField
          key={field}
          label={text(`settings.hook-${field}`)}
          hint={may.includes(field) && <T id="settings.hook-optional" />}
          value={draft[field] ?? ''}
          onChange={(value) => setDraft((before) => ({ ...before, [field]: value }))}
        />
      ))}
    </VersionedDialog>
  );
}

const linesOf = (hook: Hook | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(HOOK_FIELDS.map((field) => [field, valuesOf(hook?.settings ?? {}, field).join(' ')]));

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
