import { T, useText } from '../texts/text.tsx';
import { Day, useDayText } from '../ui/time.tsx';
import { deniedIn, peakIn } from './of-pool.ts';
import { PeakTable } from './peak-table.tsx';
import type { Pool } from './pool-name.tsx';
import type { Peak } from './queries.ts';

const HEIGHT = 120;
const STEP = 12;
const MARKS = ['peak', 'full', 'owned', 'denied'] as const;

type DayBarsProps = { readonly pool: Pool; readonly peaks: readonly Peak[] };

/** The peak of each day as a bar under the line of what was owned. */
export function DayBars({ pool, peaks }: DayBarsProps) {
  const text = useText();
  const dayText = useDayText();
  const days = peaks.map((peak) => ({ day: peak.day, ...peakIn(peak, pool), denied: deniedIn(peak, pool) }));
  const most = Math.max(1, ...days.map(({ peak, owned }) => Math.max(peak, owned)));
  const y = (count: number) => HEIGHT - (count / most) * (HEIGHT - 10);
  const highest = days.reduce((best, one) => (one.peak > best.peak ? one : best), days[0] ?? NO_DAY);
  return (
    <section className="block">
      <h2>
        <T id="usage.by-day" />
      </h2>
      <p>
        <T
          id="usage.highest"
          values={{ peak: highest.peak, owned: highest.owned, day: highest.day === '' ? '' : dayText(highest.day) }}
        />
      </p>
      <svg
        className="day-bars"
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text('usage.by-day-picture')}
      >
        {days.map(({ day, peak, owned, denied }, index) => (
          <g key={day}>
            <title>{text('usage.day-tip', { day: dayText(day), peak, owned, denied })}</title>
            <rect className="day-bar-back" x={index * STEP} y={0} width={STEP} height={HEIGHT} />
            <rect
              className="day-bar"
              data-full={(owned > 0 && peak >= owned) || undefined}
              x={index * STEP + 1.5}
              y={y(peak)}
              width={STEP - 3}
              height={HEIGHT - y(peak)}
            />
            <rect className="day-owned" x={index * STEP} y={y(owned) - 1} width={STEP} height={2} />
            {denied > 0 && <rect className="day-denied" x={index * STEP + 3} y={0} width={STEP - 6} height={5} />}
          </g>
        ))}
      </svg>
      <ul className="count-legend" aria-hidden>
        {MARKS.map((mark) => (
          <li key={mark} className="count-name">
            <span className="usage-mark" data-part={mark} />
            <T id={`usage.mark-${mark}`} />
          </li>
        ))}
      </ul>
      <PeakTable
        caption={text('usage.by-day')}
        when={[{ id: 'day', head: text('usage.day'), cell: ({ day }) => <Day day={day} /> }]}
        rows={days.toReversed()}
        rowKey={({ day }) => day}
      />
    </section>
  );
}

const NO_DAY = { day: '', peak: 0, owned: 0, denied: 0 };
