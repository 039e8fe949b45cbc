import { Gauge } from 'lucide-react';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { Day } from '../ui/time.tsx';
import { daysUntil, type Period } from './period.ts';
import { FolderPath, PoolClass, poolKey } from './pool-name.tsx';
import { useNeeds } from './queries.ts';

/** What each pool would have needed on its worst day, with what that assumes beside it. */
export function NeedsTab({ days }: { readonly days: Period }) {
  const text = useText();
  const { tenant, today } = usePlace();
  const needs = useNeeds(tenant, daysUntil(today, Number(days)));
  if (needs.isPending) return <Loading />;
  if (needs.isError) return <PageFaultView error={needs.error} onRetry={() => void needs.refetch()} />;
  const { pools, assumptions } = needs.data;
  return (
    <div className="usage-needs">
      {pools.length === 0 ? (
        <Empty icon={Gauge} title={<T id="usage.no-use" />} />
      ) : (
        <SimpleTable
          caption={text('usage.tab-needs')}
          columns={[
            { id: 'folder', head: text('usage.folder'), cell: ({ folder }) => <FolderPath folder={folder} /> },
            { id: 'class', head: text('usage.class'), cell: (pool) => <PoolClass pool={pool} /> },
            { id: 'needed', head: text('usage.needed'), isNumber: true, cell: ({ needed }) => needed },
            { id: 'owned', head: text('usage.part-owned'), isNumber: true, cell: ({ owned }) => owned },
            { id: 'verdict', head: text('usage.verdict'), cell: (need) => <Verdict {...need} /> },
            { id: 'day', head: text('usage.worst-day'), cell: ({ day }) => <Day day={day} /> },
            { id: 'inUse', head: text('usage.part-inUse'), isNumber: true, cell: ({ inUse }) => inUse },
            { id: 'denied', head: text('usage.denied'), isNumber: true, cell: ({ denied }) => denied },
          ]}
          rows={pools}
          rowKey={poolKey}
        />
      )}
      <aside className="block assumptions">
        <h2>
          <T id="usage.assumptions" />
        </h2>
        <ul className="bullets">
          {assumptions.map(({ code }) => (
            <li key={code}>
              <T id={`usage.assumption-${code}`} />
            </li>
          ))}
        </ul>
      </aside>
    </div>
  );
}

function Verdict({ needed, owned }: { readonly needed: number; readonly owned: number }) {
  const lacking = needed - owned;
  if (lacking > 0) {
    return (
      <Chip tone="danger" mark="cross">
        <T id="usage.lacking" values={{ count: lacking }} />
      </Chip>
    );
  }
  return (
    <Chip tone={lacking === 0 ? 'warning' : 'good'} mark={lacking === 0 ? 'half' : 'full'}>
      <T id="usage.spare" values={{ count: -lacking }} />
    </Chip>
  );
}
