import { CalendarSync, Plus } from 'lucide-react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import type { RenewalEntry } from '../api/types.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { useRenewals } from './queries.ts';
import { RenewalChip } from './status.tsx';

/** All renewals by the year in which licenses end, the latest first. */
export function RenewalList() {
  const { tenant } = usePlace();
  const text = useText();
  const list = useRenewals(tenant);
  const renewals = list.data?.renewals ?? [];
  const isEmpty = list.isSuccess && renewals.length === 0;
  return (
    <>
      <PageHead title={text('renewals.title')} {...(!isEmpty && { actions: <PlanButton /> })} />
      {list.isPending && <Loading />}
      {list.isError && <PageFaultView error={list.error} onRetry={() => void list.refetch()} />}
      {isEmpty && (
        <Empty icon={CalendarSync} title={<T id="renewals.none" />}>
          <p>
            <T id="renewals.none-next" />
          </p>
          <PlanButton />
        </Empty>
      )}
      {renewals.length > 0 && (
        <div className="page-part">
          {byYear(renewals).map(([year, some]) => (
            <section key={year} className="block">
              <h2>{year}</h2>
              <RenewalTable year={year} renewals={some} />
            </section>
          ))}
        </div>
      )}
    </>
  );
}

function byYear(renewals: readonly RenewalEntry[]): readonly (readonly [string, readonly RenewalEntry[]])[] {
  const year = ({ expiringOnOrBefore, plannedAt }: RenewalEntry) => (expiringOnOrBefore ?? plannedAt).slice(0, 4);
  return [...Map.groupBy(renewals, year)].toSorted(([one], [other]) => other.localeCompare(one));
}

function PlanButton() {
  const { tenant } = usePlace();
  const why = useReadOnlyReason();
  const navigate = useNavigate();
  const plan = () => void navigate(`/t/${encodeSegment(tenant)}/renewals?plan=yes`);
  return (
    <Button icon={Plus} variant="primary" why={why} onPress={plan}>
      <T id="renewals.plan-one" />
    </Button>
  );
}

function RenewalTable({ year, renewals }: { readonly year: string; readonly renewals: readonly RenewalEntry[] }) {
  const { tenant } = usePlace();
  const text = useText();
  return (
    <SimpleTable
      caption={text('renewals.of-year', { year })}
      rows={renewals}
      rowKey={({ renewalId }) => renewalId}
      columns={[
        {
          id: 'name',
          head: text('renewals.name'),
          cell: ({ renewalId }) => (
            <TextLink to={`/t/${encodeSegment(tenant)}/renewals/${encodeSegment(renewalId)}`}>
              <bdi translate="no">{renewalId}</bdi>
            </TextLink>
          ),
        },
        { id: 'status', head: text('renewals.status'), cell: ({ status }) => <RenewalChip status={status} /> },
        {
          id: 'ends',
          head: text('renewals.ending-until'),
          cell: ({ expiringOnOrBefore: day }) => (day === undefined ? <T id="renewals.by-list" /> : <Day day={day} />),
        },
        { id: 'rows', head: text('renewals.licenses'), isNumber: true, cell: ({ rows }) => rows },
        { id: 'switch', head: text('renewals.switch'), cell: ({ switchAt }) => <Instant at={switchAt} /> },
        {
          id: 'planned',
          head: text('renewals.planned'),
          cell: ({ plannedAt, plannedBy }) => (
            <T id="renewals.at-by" values={{ at: <Instant at={plannedAt} />, actor: plannedBy }} />
          ),
        },
      ]}
    />
  );
}
