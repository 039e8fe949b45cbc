import { Temporal } from 'temporal-polyfill';

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const FIELDS = ['minute', 'hour', 'day', 'month', 'dayOfWeek', 'year'] as const;
type Field = (typeof FIELDS)[number];

const NAMES: Partial<Record<Field, readonly string[]>> = {
  month: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  dayOfWeek: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};
const LIMITS: Record<Field, readonly [smallest: number, largest: number]> = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  month: [1, 12],
  dayOfWeek: [1, 7],
  year: [1970, 2199],
};

/**
 * The first moment after `after` at which an EventBridge schedule fires.
 * @param expression `rate(5 minutes)` or `cron(0 3 * * ? *)`
 * @param anchor where a rate counts from
 */
export function nextOccurrence(
  expression: string,
  { after, anchor, timeZone }: { readonly after: number; readonly anchor: number; readonly timeZone: string },
): number {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) {
    const period = Number(rate[1]) * (UNIT_MS[rate[2] ?? ''] ?? Number.NaN);
    return anchor + (Math.floor((after - anchor) / period) + 1) * period;
  }
  const cron = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(/\s+/);
  if (cron?.length !== FIELDS.length) throw new Error(`The local stack does not know the schedule ${expression}`);
  return nextOfCron(cron, after, timeZone);
}

function nextOfCron(cron: readonly string[], after: number, timeZone: string): number {
  const matches = (field: Field, value: number) => allows(cron[FIELDS.indexOf(field)] ?? '', field, value);
  const start = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timeZone);
  for (let day = start.toPlainDate(); day.since(start.toPlainDate()).days < 366 * 5; day = day.add({ days: 1 })) {
    // EventBridge counts the days of the week from Sunday = 1, Temporal from Monday = 1.
    if (
      !matches('year', day.year) ||
      !matches('month', day.month) ||
      !matches('day', day.day) ||
      !matches('dayOfWeek', (day.dayOfWeek % 7) + 1)
    ) {
      continue;
    }
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const time = { hour: Math.floor(minute / 60), minute: minute % 60 };
      if (matches('hour', time.hour) && matches('minute', time.minute)) {
        const instant = day.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds;
        if (instant > after) return instant;
      }
    }
  }
  return Number.POSITIVE_INFINITY;
}

function allows(text: string, field: Field, value: number): boolean {
  const [smallest, largest] = LIMITS[field];
  return text.split(',').some((part) => {
    const [range = '', step] = part.split('/');
    const any = range === '*' || range === '?';
    const [from = smallest, to] = any ? [smallest, largest] : range.split('-').map((name) => numberOf(name, field));
    const last = to ?? (step === undefined ? from : largest);
    return value >= from && value <= last && (value - from) % Number(step ?? 1) === 0;
  });
}

function numberOf(name: string, field: Field): number {
  const place = NAMES[field]?.indexOf(name.toUpperCase()) ?? -1;
  const number = place >= 0 ? place + 1 : Number(name);
  if (!Number.isInteger(number)) throw new Error(`The local stack does not know "${name}" in a schedule`);
  return number;
}
