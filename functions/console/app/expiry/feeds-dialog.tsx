import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, Plus, Trash2 } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { tenantKey } from '../api/queries.ts';
import { useIntent } from '../api/use-intent.ts';
import { useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/loading.tsx';
import { Notice } from '../ui/notice.tsx';
import { Instant } from '../ui/time.tsx';
import { sayDone, sayFailed } from '../ui/toast.tsx';

type FeedsDialogProps = { readonly tenant: string; readonly onClose: () => void };

/** The calendar feeds. The address of a feed shows once, when it is made. */
export function FeedsDialog({ tenant, onClose }: FeedsDialogProps) {
  const readOnly = useReadOnlyReason();
  const queries = useQueryClient();
  const feeds = useQuery({
    queryKey: [...tenantKey(tenant), 'calendar-feeds'],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/calendar-feeds', { params: { path: { tenant } }, signal })),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: [...tenantKey(tenant), 'calendar-feeds'] });
  const withIntent = useIntent();
  const create = useMutation({
    mutationFn: () =>
      withIntent((header) =>
        read(api.POST('/tenants/{tenant}/calendar-feeds', { params: { path: { tenant }, header }, body: {} })),
      ),
    onSuccess: refresh,
    onError: (error) => sayFailed(<ProblemText problem={Problem.from(error)} />),
  });
  const revoke = useMutation({
    mutationFn: (feedId: string) =>
      read(
        api.DELETE('/tenants/{tenant}/calendar-feeds/{feedId}', {
          params: { path: { tenant, feedId } },
        }),
      ),
    onSuccess: async () => {
      sayDone(<T id="expiry.feed-revoked" />);
      await refresh();
    },
    onError: (error) => sayFailed(<ProblemText problem={Problem.from(error)} />),
  });
  return (
    <Dialog
      title={<T id="expiry.feeds" />}
      onClose={onClose}
      actions={
        <Button
          variant="primary"
          icon={Plus}
          why={readOnly}
          isPending={create.isPending}
          onPress={() => create.mutate()}
        >
          <T id="expiry.feed-create" />
        </Button>
      }
    >
      <p>
        <T id="expiry.feeds-explanation" />
      </p>
      {create.data !== undefined && <NewAddress address={create.data.address} />}
      {feeds.isPending && <Loading />}
      {feeds.isError && (
        <Notice kind="danger">
          <ProblemText problem={Problem.from(feeds.error)} />
        </Notice>
      )}
      {feeds.data?.feeds.length === 0 && (
        <p className="muted">
          <T id="expiry.feeds-none" />
        </p>
      )}
      <ul className="feeds">
        {feeds.data?.feeds.map(({ feedId, createdAt }) => (
          <li key={feedId} className="feed">
            <span>
              <T id="expiry.feed-created" /> <Instant at={createdAt} />
              <br />
              <bdi className="muted" translate="no">
                {feedId}
              </bdi>
            </span>
            <Button icon={Trash2} why={readOnly} onPress={() => revoke.mutate(feedId)}>
              <T id="expiry.feed-revoke" />
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function NewAddress({ address }: { readonly address: string }) {
  const text = useText();
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    sayDone(text('expiry.feed-copied'));
  };
  return (
    <Notice kind="warning">
      <p>
        <T id="expiry.feed-once" />
      </p>
      <p className="feed-address">
        <code className="breaks" translate="no">
          {address}
        </code>
      </p>
      <Button icon={Copy} onPress={() => void copy()}>
        <T id="expiry.feed-copy" />
      </Button>
    </Notice>
  );
}
