import { useIntl } from 'react-intl';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { deniedIn, peakIn } from './of-pool.ts';
import { PeakTable } from './peak-table.tsx';
import type { Pool } from './pool-name.tsx';
import type { Peak } from './queries.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 0];
const CELL = 26;
const LEFT = 42;
const TOP = 20;

type Cell = { readonly weekday: number; readonly hour: number; peak: number; owned: number; denied: number };
type HeatMapProps = { readonly pool: Pool; readonly peaks: readonly Peak[]; readonly days: number };

/** The share of the owned licenses that was in use, by hour and weekday, with a dot where somebody was denied. */
export function HeatMap({ pool, peaks, days }: HeatMapProps) {
  const text = useText();
  const { timeZone } = usePlace();
  const weekdayText = useWeekdayText();
  const cells = cellsOf(pool, peaks, timeZone);
  const tip = ({ weekday, hour, peak, owned, denied }: Cell) =>
    text('usage.hour-tip', { weekday: weekdayText(weekday), hour: hourText(hour), peak, owned, denied });
  return (
    <section className="block">
      <h2>
        <T id="usage.by-hour" values={{ days }} />
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard */}
      <section className="heat-map-frame" translate="no" aria-label={text('usage.by-hour-picture')} tabIndex={0}>
        <svg
          className="heat-map"
          viewBox={`0 0 ${LEFT + 24 * CELL} ${TOP + 7 * CELL}`}
          role="img"
          aria-label={text('usage.by-hour-picture')}
        >
          {HOURS.filter((hour) => hour % 3 === 0).map((hour) => (
            <text key={hour} className="heat-text" x={LEFT + hour * CELL} y={12}>
              {hourText(hour)}
            </text>
          ))}
          {WEEKDAYS.map((weekday, row) => (
            <text key={weekday} className="heat-text" x={0} y={TOP + row * CELL + 17}>
              {weekdayText(weekday)}
            </text>
          ))}
          {cells.map((cell) => (
            <g key={`${cell.weekday}-${cell.hour}`}>
              <title>{tip(cell)}</title>
              <rect
                className="heat-cell"
                data-level={levelOf(cell)}
                x={LEFT + cell.hour * CELL + 1}
                y={TOP + WEEKDAYS.indexOf(cell.weekday) * CELL + 1}
                width={CELL - 2}
                height={CELL - 2}
                rx={4}
              />
              {cell.denied > 0 && (
                <circle
                  className="heat-dot"
                  cx={LEFT + (cell.hour + 0.5) * CELL}
                  cy={TOP + (WEEKDAYS.indexOf(cell.weekday) + 0.5) * CELL}
                  r={4}
                />
              )}
            </g>
          ))}
        </svg>
      </section>
      <ul className="count-legend" aria-hidden>
        {LEVELS.map((level) => (
          <li key={level} className="count-name">
            <span className="heat-mark" data-level={level} />
            <T id={`usage.level-${level}`} />
          </li>
        ))}
        <li className="count-name">
          <span className="heat-dot-mark" />
          <T id="usage.mark-denied" />
        </li>
      </ul>
      <PeakTable
        caption={text('usage.by-hour-picture')}
        when={[
          {
            id: 'weekday',
            head: text('usage.weekday'),
            cell: ({ weekday }) => <span translate="no">{weekdayText(weekday)}</span>,
          },
          { id: 'hour', head: text('usage.hour'), cell: ({ hour }) => hourText(hour) },
        ]}
        rows={cells.filter(({ peak, denied }) => peak > 0 || denied > 0)}
        rowKey={({ weekday, hour }) => `${weekday}-${hour}`}
      />
    </section>
  );
}

const hourText = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

/** A Sunday, from which the names of the weekdays come. */
const SUNDAY = Date.UTC(2023, 0, 1);

function useWeekdayText(): (weekday: number) => string {
  const { locale } = useIntl();
  return (weekday) =>
    new Date(SUNDAY + weekday * 86_400_000).toLocaleDateString(locale, { weekday: 'short', timeZone: 'UTC' });
}

const LEVELS = ['none', 'quarter', 'half', 'most', 'all'] as const;

function levelOf({ peak, owned }: Cell): (typeof LEVELS)[number] {
  if (peak === 0) return 'none';
  const share = peak / Math.max(owned, 1);
  if (share >= 1) return 'all';
  if (share > 0.75) return 'most';
  return share > 0.25 ? 'half' : 'quarter';
}

/** Returns the fullest hour among those of the same weekday, for each hour of the week. */
function cellsOf(pool: Pool, peaks: readonly Peak[], timeZone: string): readonly Cell[] {
  const cells = WEEKDAYS.flatMap((weekday) =>
    HOURS.map((hour): Cell => ({ weekday, hour, peak: 0, owned: 0, denied: 0 })),
  );
  const hourOf = new Intl.DateTimeFormat('en', { hour: '2-digit', hourCycle: 'h23', timeZone });
  for (const peak of peaks) {
    const weekday = new Date(`${peak.day}T00:00:00Z`).getUTCDay();
    const hour = Number(hourOf.format(new Date(peak.from)));
    const cell = cells.find((one) => one.weekday === weekday && one.hour === hour);
    if (cell === undefined) continue;
    const found = peakIn(peak, pool);
    const isFuller = found.peak * Math.max(cell.owned, 1) >= cell.peak * Math.max(found.owned, 1);
    if (isFuller) Object.assign(cell, { peak: found.peak, owned: found.owned });
    cell.denied += deniedIn(peak, pool);
  }
  return cells;
}
