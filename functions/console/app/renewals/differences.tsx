import { GitCompareArrows } from 'lucide-react';
import type { RenewalDifference, RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { useDifferences } from './queries.ts';

/** What has changed since the plan was made. A plan with differences is made again before it can run. */
export function Differences({ renewal }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  const text = useText();
  const found = useDifferences(tenant, renewal);
  if (found.isPending) return null;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const { count, differences } = found.data;
  const check = (
    <Button icon={GitCompareArrows} isPending={found.isFetching} onPress={() => void found.refetch()}>
      <T id="renewals.compare-again" />
    </Button>
  );
  if (count === 0) {
    return (
      <div className="checked">
        {check}
        <p className="muted" role="status">
          <T id="renewals.no-differences" />
        </p>
      </div>
    );
  }
  return (
    <section className="block" aria-label={text('renewals.differences')}>
      <Notice kind="warning">
        <T id="renewals.differences-text" values={{ count }} />
      </Notice>
      <SimpleTable
        caption={text('renewals.differences')}
        rows={differences}
        rowKey={({ what, serialNumber, user }, index) => `${what} ${serialNumber ?? ''} ${user ?? ''} ${index}`}
        columns={[
          { id: 'what', head: text('renewals.what'), cell: ({ what }) => <T id={`renewals.differs-${what}`} /> },
          { id: 'license', head: text('renewals.license'), cell: (one) => <bdi>{one.serialNumber}</bdi> },
          { id: 'user', head: text('renewals.user'), cell: (one) => <bdi>{one.user}</bdi> },
          { id: 'planned', head: text('renewals.in-plan'), cell: (one) => <Side of={one} side="planned" /> },
          { id: 'now', head: text('renewals.now'), cell: (one) => <Side of={one} side="now" /> },
        ]}
      />
      <div className="checked">{check}</div>
    </section>
  );
}

/** A difference without any value, such as another class, has nothing to show at its sides. */
function Side({ of, side }: { readonly of: RenewalDifference; readonly side: 'planned' | 'now' }) {
  const value = of[side];
  if (value !== undefined) return <bdi translate="no">{value}</bdi>;
  return of.planned !== undefined || of.now !== undefined ? <T id="renewals.nobody" /> : null;
}
