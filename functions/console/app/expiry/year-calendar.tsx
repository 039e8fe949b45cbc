import { useIntl } from 'react-intl';
import { T, useText } from '../texts/text.tsx';
import { useDayText } from '../ui/time.tsx';

export type EndingDay = { readonly day: string; readonly licenses: number; readonly users: number };

type YearCalendarProps = {
  readonly from: string;
  readonly to: string;
  readonly days: readonly EndingDay[];
  readonly today: string;
  readonly chosen: string | undefined;
  readonly onChoose: (day: string) => void;
};

const DAY_MS = 86_400_000;

/** The months from one day to another. A day on which licenses end is a button, the darker the more end. */
export function YearCalendar({ from, to, days, today, chosen, onChoose }: YearCalendarProps) {
  const text = useText();
  const dayText = useDayText();
  const { locale } = useIntl();
  const endings = new Map(days.map((one) => [one.day, one]));
  const most = Math.max(...days.map(({ licenses }) => licenses));
  const label = ({ day, licenses, users }: EndingDay) =>
    text('expiry.day-label', { day: dayText(day), licenses, users });
  return (
    <section className="year" aria-label={text('expiry.calendar')}>
      {monthsBetween(from, to).map((month) => (
        <div key={month} className="month">
          <h3 className="month-name" translate="no">
            {new Date(`${month}-01T00:00:00Z`).toLocaleDateString(locale, {
              month: 'long',
              year: 'numeric',
              timeZone: 'UTC',
            })}
          </h3>
          <div className="month-days">
            {daysOf(month).map((day, index) => {
              const ending = endings.get(day);
              const number = Number(day.slice(8));
              const place = index === 0 ? { gridColumnStart: weekdayOf(day) } : {};
              const isToday = day === today || undefined;
              if (ending === undefined) {
                return (
                  <span
                    key={day}
                    className="month-day"
                    data-today={isToday}
                    data-outside={day < from || day > to || undefined}
                    style={place}
                  >
                    {number}
                  </span>
                );
              }
              return (
                <button
                  key={day}
                  type="button"
                  className="month-day"
                  data-level={levelOf(ending.licenses / most)}
                  data-today={isToday}
                  aria-pressed={day === chosen}
                  aria-label={`${number} ${label(ending)}`}
                  title={label(ending)}
                  style={place}
                  onClick={() => onChoose(day)}
                >
                  {number}
                </button>
              );
            })}
          </div>
        </div>
      ))}
      <p className="muted year-note">
        <T id="expiry.shades" values={{ most }} />
      </p>
    </section>
  );
}

function levelOf(share: number): 'some' | 'many' | 'most' {
  if (share > 0.66) return 'most';
  return share > 0.2 ? 'many' : 'some';
}

/** Returns 1 for a Monday and 7 for a Sunday. */
const weekdayOf = (day: string) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;

function monthsBetween(from: string, to: string): readonly string[] {
  const months: string[] = [];
  const last = to.slice(0, 7);
  for (let month = from.slice(0, 7); month <= last; month = monthAfter(month)) months.push(month);
  return months;
}

const monthAfter = (month: string) =>
  new Date(Date.parse(`${month}-01T00:00:00Z`) + 31 * DAY_MS).toISOString().slice(0, 7);

function daysOf(month: string): readonly string[] {
  const next = monthAfter(month);
  const count = Math.round((Date.parse(`${next}-01`) - Date.parse(`${month}-01`)) / DAY_MS);
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}
