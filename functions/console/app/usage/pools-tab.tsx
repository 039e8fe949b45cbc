import { Gauge } from 'lucide-react';
import { useIntl } from 'react-intl';
import { encodeSegment } from '../api/path-segment.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { FolderPath, PoolClass, poolKey } from './pool-name.tsx';
import { type PoolCounts, usePools } from './queries.ts';

/** The states of which each license of a pool has one. */
const PARTS = ['inUse', 'assigned', 'free', 'releasing', 'heldBack', 'setAside', 'expired'] as const;
type Part = (typeof PARTS)[number];

/** The pools now, with a bar of what their licenses do. */
export function PoolsTab() {
  const text = useText();
  const { locale } = useIntl();
  const { tenant } = usePlace();
  const pools = usePools(tenant);
  if (pools.isPending) return <Loading />;
  if (pools.isError) return <PageFaultView error={pools.error} onRetry={() => void pools.refetch()} />;
  const rows = pools.data.pools;
  if (rows.length === 0) {
    return (
      <Empty icon={Gauge} title={<T id="usage.no-licenses" />}>
        <TextLink to={`/t/${encodeSegment(tenant)}/imports`}>
          <T id="usage.to-imports" />
        </TextLink>
      </Empty>
    );
  }
  const most = Math.max(...rows.map(({ owned }) => owned));
  const number = (part: 'owned' | Part) => ({
    id: part,
    head: text(`usage.part-${part}`),
    isNumber: true,
    cell: (row: PoolCounts) => row[part].toLocaleString(locale),
  });
  const shown = PARTS.filter((part) => rows.some((row) => row[part] > 0) || part === 'inUse' || part === 'free');
  return (
    <div className="blocks">
      <Legend parts={shown} />
      <SimpleTable
        caption={text('usage.pools')}
        columns={[
          { id: 'folder', head: text('usage.folder'), cell: ({ folder }) => <FolderPath folder={folder} /> },
          { id: 'class', head: text('usage.class'), cell: (pool) => <PoolClass pool={pool} /> },
          { id: 'bar', head: text('usage.bar'), cell: (pool) => <PoolBar pool={pool} parts={shown} most={most} /> },
          number('owned'),
          ...shown.map(number),
        ]}
        rows={rows}
        rowKey={poolKey}
      />
      <p className="muted">
        <T id="usage.owned-explanation" />
      </p>
    </div>
  );
}

function Legend({ parts }: { readonly parts: readonly Part[] }) {
  return (
    <ul className="count-legend" aria-hidden>
      {parts.map((part) => (
        <li key={part} className="count-name">
          <span className="usage-mark" data-part={part} />
          <T id={`usage.part-${part}`} />
        </li>
      ))}
    </ul>
  );
}

type PoolBarProps = { readonly pool: PoolCounts; readonly parts: readonly Part[]; readonly most: number };

/** Bars of all pools have one scale. The columns beside it have the numbers. */
function PoolBar({ pool, parts, most }: PoolBarProps) {
  return (
    <div className="usage-bar" aria-hidden>
      {parts.map(
        (part) =>
          pool[part] > 0 && (
            <span
              key={part}
              className="usage-part"
              data-part={part}
              style={{ width: `${(pool[part] / Math.max(most, 1)) * 100}%` }}
            />
          ),
      )}
    </div>
  );
}
