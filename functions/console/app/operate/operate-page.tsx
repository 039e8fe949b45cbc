import { useInfiniteQuery } from '@tanstack/react-query';
import { Building2, Plus } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import type { Answer } from '../api/types.ts';
import { useAddressQuery, yes } from '../shell/address-query.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { NewTenantDialog } from './new-tenant-dialog.tsx';

type Tenant = Answer<'/tenants'>['tenants'][number];
const READINGS = { new: yes };

/** The tenants, with the last activity at each and what waits for a person there. */
export function Component() {
  const text = useText();
  const [query, change] = useAddressQuery(READINGS);
  return (
    <>
      <PageHead
        title={text('operate.title')}
        actions={
          <Button variant="primary" icon={Plus} onPress={() => change({ new: true })}>
            <T id="operate.new" />
          </Button>
        }
      />
      <Tenants />
      {query.new === true && <NewTenantDialog onClose={() => change({ new: undefined })} />}
    </>
  );
}

function Tenants() {
  const text = useText();
  const tenants = useInfiniteQuery({
    queryKey: ['tenants'],
    queryFn: ({ pageParam, signal }) => read(api.GET('/tenants', { params: { query: { cursor: pageParam } }, signal })),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
  if (tenants.isPending) return <Loading />;
  if (tenants.isError) return <PageFaultView error={tenants.error} onRetry={() => void tenants.refetch()} />;
  const rows = tenants.data.pages.flatMap((page) => page.tenants).toSorted((a, b) => urgency(b) - urgency(a));
  if (rows.length === 0) {
    return (
      <Empty icon={Building2} title={<T id="operate.none" />}>
        <p>
          <T id="operate.none-next" />
        </p>
      </Empty>
    );
  }
  return (
    <div className="page-part">
      <SimpleTable
        caption={text('operate.title')}
        columns={[
          {
            id: 'tenant',
            head: text('operate.tenant'),
            cell: ({ tenant }) => (
              <TextLink to={`/t/${encodeSegment(tenant)}/today`}>
                <bdi translate="no">{tenant}</bdi>
              </TextLink>
            ),
          },
          { id: 'waiting', head: text('operate.waiting'), cell: (tenant) => <Waiting tenant={tenant} /> },
          {
            id: 'activity',
            head: text('operate.last-activity'),
            cell: ({ lastActivity }) => <Instant at={lastActivity} />,
          },
          {
            id: 'cleaned',
            head: text('operate.cleaned'),
            cell: ({ cleanedOn }) => (cleanedOn === undefined ? <T id="operate.never" /> : <Day day={cleanedOn} />),
          },
          {
            id: 'environment',
            head: text('operate.environment'),
            cell: ({ environment }) => <T id={`operate.environment-${environment}`} />,
          },
          {
            id: 'zone',
            head: text('operate.time-zone'),
            cell: ({ timeZone }) => <bdi translate="no">{timeZone}</bdi>,
          },
        ]}
        rows={rows}
        rowKey={({ tenant }) => tenant}
      />
      {tenants.hasNextPage && (
        <div>
          <Button isPending={tenants.isFetchingNextPage} onPress={() => void tenants.fetchNextPage()}>
            <T id="operate.more" />
          </Button>
        </div>
      )}
    </div>
  );
}

const startOfList = (): string | undefined => undefined;

/** Tenants with a stopped renewal come first, then those where something else waits. */
function urgency({ waiting: { renewals, cleanup } }: Tenant): number {
  if (renewals.some(({ status }) => status === 'stopped')) return 2;
  return renewals.length > 0 || cleanup !== undefined ? 1 : 0;
}

function Waiting({ tenant: { tenant, waiting } }: { readonly tenant: Tenant }) {
  const { renewals, cleanup } = waiting;
  if (renewals.length === 0 && cleanup === undefined) {
    return (
      <span className="muted">
        <T id="operate.nothing" />
      </span>
    );
  }
  return (
    <ul className="waiting">
      {renewals.map(({ renewalId, status }) => (
        <li key={renewalId}>
          <Chip tone={status === 'stopped' ? 'danger' : 'busy'} mark={status === 'stopped' ? 'cross' : 'half'}>
            <T id={`operate.renewal-${status}`} />
          </Chip>{' '}
          <TextLink to={`/t/${encodeSegment(tenant)}/renewals/${encodeSegment(renewalId)}`}>
            <bdi translate="no">{renewalId}</bdi>
          </TextLink>
        </li>
      ))}
      {cleanup !== undefined && (
        <li>
          <Chip tone="warning">
            <T id="operate.cleanup" values={{ count: cleanup.licenses }} />
          </Chip>{' '}
          <T id="operate.since" /> <Day day={cleanup.since} />
        </li>
      )}
    </ul>
  );
}
