import { dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import { timeOf } from '../licensing/history/history.ts';
import { missingIn, NO_USAGE, type Usage, usageOf, withOwnedBefore } from '../licensing/history/usage.ts';
import { countPools } from '../licensing/license/pool-counts.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { DAY, type Day, dayIn, earlier, epochSeconds, HOUR, type Instant, MINUTE, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { hourUsageKey, usageKey } from '../store/keys.ts';
import { walkPages } from '../store/paging.ts';
import { readPoolEntries } from '../store/pool-entries.ts';
import { readKeptUsage, usageItems } from '../store/usage-items.ts';
import { readTenantHistory } from './read-entries.ts';

const PAGE = 500;

/** If no day is kept, use is counted from so many days before, which is longer than any session. */
const COUNTED_FROM = 31;

/** How long the hours of a day are kept: longer than the 31 days for which they can be asked. */
const HOURS_KEPT = 40 * DAY;

/** How long the stream may take to deliver the last changes of a day. */
const LATE = 60 * MINUTE;

/** The usage of an hour, or of the part of it that a clock change leaves. */
type HourUsage = Usage & { readonly from: Instant };

/** The usage of a day and of its hours. Of today, only of the hours that have begun. */
export type DayUsage = Usage & { readonly day: Day; readonly hours: readonly HourUsage[] };

type UsageDeps = { readonly table: Table; readonly clock: Clock };

type UsageRange = {
  readonly from: Day;
  readonly to: Day;
  /** Leaves `hours` empty where the day is kept, and saves reading them. */
  readonly withoutHours?: true;
  /** Leaves out what was owned before the first entry that is counted, and saves reading it. */
  readonly withoutOwned?: true;
};

/**
 * Returns the usage of the tenant's days from `from` to `to`, and today so far. It is counted from the history, which
 * has each change once. A day that the daily job has kept is not counted again. Nothing is written. A day that is kept
 * costs its items, any other day the history of the day.
 */
export async function readUsage(deps: UsageDeps, tenant: Tenant, range: UsageRange): Promise<readonly DayUsage[]> {
  const days = await countDays(deps, tenant, range);
  return days.flatMap(({ isKept: _, ...one }) => (one.day >= range.from ? [one] : []));
}

/**
 * Keeps what was counted of the tenant's days before `today`, and of their hours, so that nobody has to count it again.
 * The last day is left for later while the stream may still deliver its last changes. Of the days before, an empty one
 * is not kept. Keeping a day twice writes the same.
 */
export async function keepUsage(deps: UsageDeps, tenant: Tenant, today: Day): Promise<void> {
  const { table, clock } = deps;
  const { tenantId, settings } = tenant;
  const isLate = clock.now() < plus(startOfDay(settings.timeZone, today), LATE);
  const last = dayAfter(today, isLate ? -2 : -1);
  for (const { day, hours, isKept, ...usage } of await countDays(deps, tenant, { from: last, to: last })) {
    const isEmpty = usage.pools.length === 0 && usage.denials.length === 0;
    if (isKept || (day !== last && isEmpty)) continue;
    const ttl = epochSeconds(plus(startOfDay(settings.timeZone, day), HOURS_KEPT));
    const items = [
      ...hours.flatMap((hour) => usageItems((part) => hourUsageKey(tenantId, hour.from, part), hour, ttl)),
      ...usageItems((part) => usageKey(tenantId, day, part), usage),
    ];
    for (const put of items) await table.write([{ put }]);
  }
}

type CountedDay = DayUsage & { readonly isKept: boolean };

/**
 * Counts day by day, beginning after the latest day before `from` that was kept, or 31 days before. With owned
 * licenses, it begins at the first day that was kept. If none ever was, the present shows what was owned before the
 * first entry.
 */
async function countDays(deps: UsageDeps, tenant: Tenant, range: UsageRange): Promise<readonly CountedDay[]> {
  const { table, clock } = deps;
  const { tenantId, settings } = tenant;
  const { from, withoutHours = false, withoutOwned = false } = range;
  const now = clock.now();
  const today = dayIn(settings.timeZone, now);
  const last = earlier(range.to, today);
  const earliest = dayAfter(from, -COUNTED_FROM);
  const [kept, keptHours] = await Promise.all([
    readKeptDays(table, tenantId, earliest, last),
    withoutHours ? new Map<Day, readonly HourUsage[]>() : readKeptHours(table, tenant, { from, to: last }),
  ]);
  const [firstKept] = kept.keys();
  const base = [...kept.keys()].findLast((day) => day < from);
  const isNeverKept = firstKept === undefined && !withoutOwned;
  if (isNeverKept) {
    const isBefore = (await readKeptDays(table, tenantId, dayAfter(last), today)).size > 0;
    if (isBefore || last < dayAfter(today, -2 * COUNTED_FROM)) return [];
  }

  const days: CountedDay[] = [];
  let previous = (base === undefined ? undefined : kept.get(base)) ?? NO_USAGE;
  const count = (day: Day) => countDay(table, tenant, { day, now, previous });
  const first = withoutOwned || firstKept === undefined ? earliest : firstKept;
  for (let day = base === undefined ? first : dayAfter(base); day <= last; day = dayAfter(day)) {
    const known = kept.get(day);
    const hours = keptHours.get(day) ?? [];
    const isKept = known !== undefined && (withoutHours || hours.length > 0);
    const counted: DayUsage = isKept ? { ...known, day, hours } : await count(day);
    days.push({ ...counted, isKept });
    previous = counted;
  }
  if (!isNeverKept || days.length === 0) return days;

  for (let day = dayAfter(last); day <= today; day = dayAfter(day)) previous = await count(day);
  const present = countPools(today);
  await readPoolEntries(table, tenantId, present.add);
  const before = missingIn(previous.pools, present.result());
  return days.map(({ hours, ...day }) => ({
    ...withOwnedBefore(day, before),
    hours: hours.map((hour) => withOwnedBefore(hour, before)),
  }));
}

async function readKeptDays(table: Table, tenantId: string, from: Day, to: Day): Promise<ReadonlyMap<Day, Usage>> {
  return from > to ? new Map() : readKeptUsage(table, { pk: usageKey(tenantId, '').pk, from, to });
}

/** Counts a day from its history, and each of its hours. */
async function countDay(
  table: Table,
  { tenantId, settings: { timeZone } }: Tenant,
  { day, now, previous }: { readonly day: Day; readonly now: Instant; readonly previous: Usage },
): Promise<DayUsage> {
  const range = { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
  const usage = usageOf(previous.pools);
  const hours: HourUsage[] = [];
  let from = range.from;
  let hour = usageOf(previous.pools);
  const endHour = (): void => {
    const counted = hour.result();
    hours.push({ from, ...counted });
    hour = usageOf(counted.pools);
    from = plus(from, HOUR);
  };
  const pages = walkPages((after: string | undefined) =>
    readTenantHistory(table, tenantId, defined({ ...range, limit: PAGE, after })),
  );
  for await (const { entries } of pages) {
    for (const entry of entries) {
      while (timeOf(entry) >= plus(from, HOUR)) endHour();
      hour.add(entry);
      usage.add(entry);
    }
  }
  while (from < earlier(range.to, now)) endHour();
  return { day, hours, ...usage.result() };
}

async function readKeptHours(
  table: Table,
  { tenantId, settings: { timeZone } }: Tenant,
  { from, to }: { readonly from: Day; readonly to: Day },
): Promise<ReadonlyMap<Day, readonly HourUsage[]>> {
  const begin = startOfDay(timeZone, from);
  const end = plus(startOfDay(timeZone, dayAfter(to)), -1);
  if (begin > end) return new Map();
  const kept = await readKeptUsage(table, { pk: hourUsageKey(tenantId, '').pk, from: begin, to: end });
  const hours = [...kept].map(([hour, usage]) => ({ from: hour, ...usage }));
  return Map.groupBy(hours, (hour) => dayIn(timeZone, hour.from));
}
