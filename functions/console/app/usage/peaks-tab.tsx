import { TrendingUp } from 'lucide-react';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { Select } from '../ui/select.tsx';
import { DayBars } from './day-bars.tsx';
import { HeatMap } from './heat-map.tsx';
import { daysUntil, MOST_DAYS_BY_HOUR, type Period } from './period.ts';
import { type Pool, poolKey, usePoolText } from './pool-name.tsx';
import { type Peak, usePeaks } from './queries.ts';

type PeaksTabProps = {
  readonly days: Period;
  readonly pool: string | undefined;
  readonly onPool: (key: string) => void;
};

/** The peaks of one pool beside what was owned. It begins with the pool that was nearest to its end. */
export function PeaksTab({ days, pool, onPool }: PeaksTabProps) {
  const text = useText();
  const poolText = usePoolText();
  const { tenant, today } = usePlace();
  const byDay = usePeaks(tenant, 'day', daysUntil(today, Number(days)));
  if (byDay.isPending) return <Loading />;
  if (byDay.isError) return <PageFaultView error={byDay.error} onRetry={() => void byDay.refetch()} />;
  const pools = busiestFirst(byDay.data);
  const chosen = pools.find((one) => poolKey(one) === pool) ?? pools[0];
  if (chosen === undefined) {
    return (
      <Empty icon={TrendingUp} title={<T id="usage.no-use" />}>
        <p>
          <T id="usage.no-use-explanation" />
        </p>
      </Empty>
    );
  }
  return (
    <div className="blocks">
      <div className="filters">
        <Select
          label={text('usage.pool')}
          choices={pools.map((one) => ({ id: poolKey(one), text: poolText(one), isName: true }))}
          value={poolKey(chosen)}
          onChange={onPool}
          isFilter
        />
      </div>
      <DayBars pool={chosen} peaks={byDay.data} />
      <HourBlock pool={chosen} days={Math.min(Number(days), MOST_DAYS_BY_HOUR)} />
    </div>
  );
}

function HourBlock({ pool, days }: { readonly pool: Pool; readonly days: number }) {
  const { tenant, today } = usePlace();
  const byHour = usePeaks(tenant, 'hour', daysUntil(today, days));
  if (byHour.isPending) return <Loading />;
  if (byHour.isError) return <PageFaultView error={byHour.error} onRetry={() => void byHour.refetch()} />;
  return <HeatMap pool={pool} peaks={byHour.data} days={days} />;
}

/** Returns the pools by how near they came to their end, or none if nobody used any. */
function busiestFirst(peaks: readonly Peak[]): readonly Pool[] {
  const busiest = new Map<string, { readonly pool: Pool; readonly share: number }>();
  for (const { pools } of peaks) {
    for (const { peak, owned, ...pool } of pools) {
      const share = peak / Math.max(owned, 1);
      const known = busiest.get(poolKey(pool));
      if (known === undefined || known.share < share) busiest.set(poolKey(pool), { pool, share });
    }
  }
  if ([...busiest.values()].every(({ share }) => share === 0)) return [];
  return [...busiest.values()].toSorted((a, b) => b.share - a.share).map(({ pool }) => pool);
}
