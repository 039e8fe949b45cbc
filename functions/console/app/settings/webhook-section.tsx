import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Pencil, Send, Trash2, Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { useIntent } from '../api/use-intent.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { Instant } from '../ui/time.tsx';
import { sayDone, sayFailed } from '../ui/toast.tsx';
import { useSettingsReason } from './tenant-settings.ts';
import { DeleteWebhookDialog, readWebhook, type Webhook, WebhookDialog } from './webhook-dialog.tsx';

/** The webhook: whether it is on, its health, its settings, and a test. */
export function WebhookSection() {
  const { tenant } = usePlace();
  const readOnly = useSettingsReason();
  const [dialog, setDialog] = useState<'edit' | 'delete'>();
  const webhook = useQuery({
    queryKey: [...tenantKey(tenant), 'webhook'],
    queryFn: ({ signal }) => readWebhook(tenant, signal),
  });
  if (webhook.isPending) return <Loading />;
  if (webhook.isError) return <PageFaultView error={webhook.error} onRetry={() => void webhook.refetch()} />;
  const { data } = webhook;
  const close = () => setDialog(undefined);
  return (
    <>
      {data === null ? (
        <Empty icon={WebhookIcon} title={<T id="settings.webhook-none" />}>
          <p>
            <T id="settings.webhook-explanation" />
          </p>
          <Button variant="primary" why={readOnly} onPress={() => setDialog('edit')}>
            <T id="settings.set-up-now" />
          </Button>
        </Empty>
      ) : (
        <SetUpWebhook webhook={data} onOpen={setDialog} />
      )}
      {dialog === 'edit' && <WebhookDialog webhook={data} onClose={close} />}
      {dialog === 'delete' && data !== null && <DeleteWebhookDialog webhook={data} onClose={close} />}
    </>
  );
}

type SetUpWebhookProps = { readonly webhook: Webhook; readonly onOpen: (dialog: 'edit' | 'delete') => void };

function SetUpWebhook({ webhook, onOpen }: SetUpWebhookProps) {
  const text = useText();
  const readOnly = useSettingsReason();
  const { settings, state, off } = webhook;
  return (
    <div className="blocks">
      <div className="section-head">
        <h2>
          <T id="settings.section-webhook" />
        </h2>
        <Chip tone={state === 'on' ? 'good' : 'danger'} mark={state === 'on' ? 'full' : 'cross'}>
          <T id={`settings.webhook-${state}`} />
        </Chip>
        <Button icon={Pencil} why={readOnly} onPress={() => onOpen('edit')}>
          <T id="settings.edit" />
        </Button>
        <Button icon={Trash2} why={readOnly} onPress={() => onOpen('delete')}>
          <T id="settings.delete" />
        </Button>
      </div>
      {off !== undefined && (
        <Notice kind="danger">
          <T
            id="settings.webhook-off-why"
            values={{ at: <Instant at={off.at} />, since: <Instant at={off.since} /> }}
          />{' '}
          <bdi lang="en">{off.reason}</bdi>
        </Notice>
      )}
      <WebhookHealth />
      <section className="block">
        <h3>
          <T id="settings.its-settings" />
        </h3>
        <Facts
          facts={[
            { name: text('settings.webhook-url'), value: <bdi translate="no">{settings.url}</bdi> },
            {
              name: text('settings.webhook-secret'),
              value: <bdi translate="no">{[settings.secret].flat().join(', ')}</bdi>,
            },
            {
              name: text('settings.webhook-types'),
              value: settings.types === undefined ? <T id="settings.all-types" /> : settings.types.join(', '),
            },
          ]}
        />
      </section>
    </div>
  );
}

const ASK_AGAIN_MS = 3_000;

function WebhookHealth() {
  const text = useText();
  const { tenant } = usePlace();
  const readOnly = useSettingsReason();
  const queries = useQueryClient();
  const key = [...tenantKey(tenant), 'webhook-health'];
  const [asked, setAsked] = useState<string>();
  const health = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/webhook/health', { params: { path: { tenant } }, signal })),
    refetchInterval: asked === undefined ? false : ASK_AGAIN_MS,
  });
  const withIntent = useIntent();
  const test = useMutation({
    mutationFn: () =>
      withIntent((header) =>
        read(api.POST('/tenants/{tenant}/webhook/test', { params: { path: { tenant }, header }, body: {} })),
      ),
    onSuccess: async ({ requestedAt }) => {
      setAsked(requestedAt);
      sayDone(<T id="settings.test-asked" />);
      await queries.invalidateQueries({ queryKey: key });
    },
    onError: (error) => sayFailed(<ProblemText problem={Problem.from(error)} />),
  });
  if (health.isPending) return <Loading />;
  if (health.isError) return <PageFaultView error={health.error} onRetry={() => void health.refetch()} />;
  const { lastDelivery, lastRefusal, lastTest } = health.data;
  const never = <T id="settings.never" />;
  return (
    <section className="block">
      <div className="section-head">
        <h3>
          <T id="settings.health" />
        </h3>
        <Button icon={Send} why={readOnly} isPending={test.isPending} onPress={() => test.mutate()}>
          <T id="settings.test" />
        </Button>
      </div>
      <Facts
        facts={[
          {
            name: text('settings.last-delivery'),
            value: lastDelivery === undefined ? never : <Instant at={lastDelivery.at} />,
          },
          {
            name: text('settings.last-refusal'),
            value:
              lastRefusal === undefined ? (
                never
              ) : (
                <>
                  <Instant at={lastRefusal.at} /> ·{' '}
                  <T id={`settings.delivery-${lastRefusal.code}`} values={{ status: lastRefusal.status ?? '' }} />
                  <p className="muted">
                    <bdi lang="en">{lastRefusal.why}</bdi>
                  </p>
                </>
              ),
          },
          {
            name: text('settings.last-test'),
            value: lastTest === undefined ? never : <Instant at={lastTest.requestedAt} />,
          },
        ]}
      />
      {asked !== undefined && <TestResult asked={asked} delivered={lastDelivery} refused={lastRefusal} />}
    </section>
  );
}

type Outcome = { readonly at: string; readonly type: string } | undefined;
type TestResultProps = { readonly asked: string; readonly delivered: Outcome; readonly refused: Outcome };

/** What became of the test that this person asked for. */
function TestResult({ asked, delivered, refused }: TestResultProps) {
  const isOfTest = (one: Outcome) => one?.type === 'webhook.test' && one.at >= asked;
  if (isOfTest(delivered)) {
    return (
      <Notice kind="info">
        <T id="settings.test-delivered" />
      </Notice>
    );
  }
  return (
    <Notice kind={isOfTest(refused) ? 'danger' : 'info'}>
      <T id={isOfTest(refused) ? 'settings.test-refused' : 'settings.test-waits'} />
    </Notice>
  );
}
