import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, Copy, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, ifMatch, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { NotFoundPage } from '../shell/not-found-page.tsx';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Facts } from '../ui/facts.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Instant } from '../ui/time.tsx';
import { sayDone } from '../ui/toast.tsx';
import { HookDialog } from './hook-dialog.tsx';
import { HOOK_FIELDS, type Hook, PROVIDER_NAMES, PROVIDERS, type Provider, readHooks, valuesOf } from './providers.ts';
import { useSettingsReason } from './tenant-settings.ts';

/** The identity providers that may report sign-ins and leavers, or the page of one of them. */
export function IdentitySection() {
  const { part } = useParams();
  const { tenant } = usePlace();
  const hooks = useQuery({
    queryKey: [...tenantKey(tenant), 'hooks'],
    queryFn: ({ signal }) => readHooks(tenant, signal),
  });
  if (hooks.isPending) return <Loading />;
  if (hooks.isError) return <PageFaultView error={hooks.error} onRetry={() => void hooks.refetch()} />;
  const all = hooks.data;
  if (part === undefined) return <ProviderList hooks={all} />;
  const provider = PROVIDERS.find((one) => one === part);
  if (provider === undefined) return <NotFoundPage />;
  return <ProviderPage provider={provider} hook={all.find((one) => one.provider === provider)} />;
}

function ProviderList({ hooks }: { readonly hooks: readonly Hook[] }) {
  const { tenant } = usePlace();
  const isSetUp = (provider: Provider) => hooks.some((hook) => hook.provider === provider);
  const sorted = PROVIDERS.toSorted((a, b) => Number(isSetUp(b)) - Number(isSetUp(a)));
  return (
    <div className="blocks">
      <h2>
        <T id="settings.section-identity" />
      </h2>
      <p>
        <T id="settings.identity-explanation" />
      </p>
      <ul className="providers">
        {sorted.map((provider) => (
          <li key={provider} className="provider">
            <TextLink to={`/t/${encodeSegment(tenant)}/settings/identity/${provider}`}>
              <span translate="no">{PROVIDER_NAMES[provider]}</span>
            </TextLink>
            {isSetUp(provider) ? (
              <Chip tone="good">
                <T id="settings.set-up" />
              </Chip>
            ) : (
              <Chip tone="quiet" mark="empty">
                <T id="settings.not-set-up" />
              </Chip>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

type ProviderPageProps = { readonly provider: Provider; readonly hook: Hook | undefined };

function ProviderPage({ provider, hook }: ProviderPageProps) {
  const text = useText();
  const { tenant } = usePlace();
  const readOnly = useSettingsReason();
  const [dialog, setDialog] = useState<'edit' | 'delete'>();
  const close = () => setDialog(undefined);
  return (
    <div className="blocks">
      <p>
        <TextLink to={`/t/${encodeSegment(tenant)}/settings/identity`}>
          <ArrowLeft size={14} aria-hidden /> <T id="settings.all-providers" />
        </TextLink>
      </p>
      <div className="section-head">
        <h2 translate="no">{PROVIDER_NAMES[provider]}</h2>
        <Button icon={Pencil} why={readOnly} onPress={() => setDialog('edit')}>
          <T id={hook === undefined ? 'settings.set-up-now' : 'settings.edit'} />
        </Button>
        {hook !== undefined && (
          <Button icon={Trash2} why={readOnly} onPress={() => setDialog('delete')}>
            <T id="settings.delete" />
          </Button>
        )}
      </div>
      <p>
        <T id={`settings.guide-${provider}`} />
      </p>
      {hook === undefined ? (
        <p className="muted">
          <T id="settings.provider-none" />
        </p>
      ) : (
        <>
          <Address path={hook.path} />
          <section className="block">
            <h3>
              <T id="settings.health" />
            </h3>
            <Health provider={provider} />
          </section>
          <section className="block">
            <h3>
              <T id="settings.its-settings" />
            </h3>
            <Facts
              facts={HOOK_FIELDS.map((field) => ({ field, values: valuesOf(hook.settings, field) }))
                .filter(({ values }) => values.length > 0)
                .map(({ field, values }) => ({
                  name: text(`settings.hook-${field}`),
                  value: <bdi translate="no">{values.join(', ')}</bdi>,
                }))}
            />
          </section>
        </>
      )}
      {dialog === 'edit' && <HookDialog provider={provider} hook={hook} onClose={close} />}
      {dialog === 'delete' && hook !== undefined && <DeleteHookDialog hook={hook} onClose={close} />}
    </div>
  );
}

type DeleteHookDialogProps = { readonly hook: Hook; readonly onClose: () => void };

/** Asks before a hook is deleted. A version that somebody else has saved meanwhile is not deleted. */
function DeleteHookDialog({ hook, onClose }: DeleteHookDialogProps) {
  const { tenant } = usePlace();
  const queries = useQueryClient();
  const [{ provider, version }] = useState(hook);
  const values = { provider: <span translate="no">{PROVIDER_NAMES[provider]}</span> };
  const remove = useMutation({
    mutationFn: () =>
      read(
        api.DELETE('/tenants/{tenant}/hooks/{provider}', {
          params: { path: { tenant, provider }, header: ifMatch(version) },
        }),
      ),
    onSuccess: () => {
      sayDone(<T id="settings.hook-deleted" values={values} />);
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: tenantKey(tenant) }),
  });
  return (
    <ConfirmDialog
      title={<T id="settings.hook-delete" values={values} />}
      action={<T id="settings.delete" />}
      typed={PROVIDER_NAMES[provider]}
      isDanger
      isPending={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        <T id="settings.hook-delete-text" values={values} />
      </p>
      {remove.isError && (
        <Notice kind="danger">
          <ProblemText problem={Problem.ofChange(remove.error)} />
        </Notice>
      )}
    </ConfirmDialog>
  );
}

function Address({ path }: { readonly path: string }) {
  const text = useText();
  const address = `${location.origin}${path}`;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    sayDone(text('settings.copied'));
  };
  return (
    <section className="block">
      <h3>
        <T id="settings.address" />
      </h3>
      <div className="address">
        <code className="breaks" translate="no">
          {address}
        </code>
        <Button icon={Copy} onPress={() => void copy()}>
          <T id="settings.copy" />
        </Button>
      </div>
    </section>
  );
}

function Health({ provider }: { readonly provider: Provider }) {
  const text = useText();
  const { tenant } = usePlace();
  const health = useQuery({
    queryKey: [...tenantKey(tenant), 'hook-health', provider],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/hooks/{provider}/health', { params: { path: { tenant, provider } }, signal })),
  });
  if (health.isPending) return <Loading />;
  if (health.isError) return <PageFaultView error={health.error} onRetry={() => void health.refetch()} />;
  const { lastCall, lastRefusal } = health.data;
  return (
    <Facts
      facts={[
        {
          name: text('settings.last-call'),
          value:
            lastCall === undefined ? (
              <T id="settings.never" />
            ) : (
              <>
                <Instant at={lastCall.at} /> · <T id={`settings.call-${lastCall.outcome}`} />
              </>
            ),
        },
        {
          name: text('settings.last-refusal'),
          value:
            lastRefusal === undefined ? (
              <T id="settings.never" />
            ) : (
              <>
                <Instant at={lastRefusal.at} /> · <T id={`settings.refused-${lastRefusal.code}`} />
                <p className="muted">
                  <bdi lang="en">{lastRefusal.why}</bdi>
                </p>
              </>
            ),
        },
      ]}
    />
  );
}
