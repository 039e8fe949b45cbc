import { type DayUsage, readUsage } from '../history/read-usage.ts';
import { type Need, needsOf } from '../licensing/advice/needs.ts';
import { dayAfter, daysBetween, startOfDay } from '../licensing/cleanup-time.ts';
import { folderAt, pathOf, presentFolder } from '../licensing/folder-tree.ts';
import { inPresentFolders, type Usage } from '../licensing/history/usage.ts';
import { type ClassInFolder, countPools, poolKey } from '../licensing/license/pool-counts.ts';
import { codesOf, sentence } from '../licensing/sentences.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { type Day, dayIn, earlier, type Instant } from '../licensing/time.ts';
import { invalidRequest } from '../platform/validation.ts';
import { readPoolEntries } from '../store/pool-entries.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { cursorAt, readStart } from './pages.ts';
import { isRefusal, type Refusal, unknownFolder } from './refusal.ts';

/** How many days one request about usage covers at most, and one read of the table. */
const MOST_DAYS = 31;

/** How many days a request that counts by day covers at most. */
const MOST_DAYS_BY_DAY = 400;

/** How many rows one answer has at most, each for a pool and a period. They are some 3 MB. */
const MOST_ROWS = 20_000;

/**
 * Returns how many licenses each pool has in each state, as far as the reader of the stream has come. It reads what the
 * pools count of each license: 8 calls and 55 read units for 1,000 licenses, 24 calls and 5,200 units for 100,000.
 */
export async function getPools({ table, clock, tenant }: TenantContext) {
  const { tenantId, folders, settings } = tenant;
  const pools = countPools(dayIn(settings.timeZone, clock.now()));
  await readPoolEntries(table, tenantId, (entry) =>
    pools.add({ ...entry, folderId: presentFolder(folders, entry.folderId) }),
  );
  return { pools: inOrder(pools.result().map((pool) => withPath(tenant, pool))) };
}

/** Returns the peak use by class and folder, and the denials by reason, for each day. */
export async function getUsage(deps: TenantContext, request: RequestOf<'get-usage'>) {
  const { tenant } = deps;
  const range = rangeOf(deps, request, { most: MOST_DAYS, usual: 1 });
  if (isRefusal(range)) return range;
  const days = await readUsage(deps, tenant, { ...range, withoutHours: true, withoutOwned: true });
  return {
    days: days.map(({ day, pools, denied, deniedUsers }) => ({
      day,
      pools: pools.flatMap(({ owned: _, mostOwned: __, ...pool }) => (pool.peak > 0 ? withPath(tenant, pool) : [])),
      denied,
      deniedUsers,
    })),
  };
}

/**
 * Lists days or hours with the peak use of each pool beside what was owned, and with the denials. The cost does not
 * depend on the number of licenses: with two pools, 22 calls and 85 read units for 400 kept days, and 11 calls and 85
 * units for the hours of 31. Today costs its history.
 */
export async function listPeaks(deps: TenantContext, request: RequestOf<'list-peaks'>) {
  const { tenant } = deps;
  const { by, limit } = request;
  const range = rangeOf(deps, request, { most: by === 'day' ? MOST_DAYS_BY_DAY : MOST_DAYS, usual: 1 });
  if (isRefusal(range)) return range;
  const { timeZone } = tenant.settings;
  const list = `peaks by ${by}`;
  const [begin, end] = [startOfDay(timeZone, range.from), startOfDay(timeZone, dayAfter(range.to))];
  const start = readStart(request, list, (place) => place >= begin && place < end);
  if (isRefusal(start)) return start;
  const { place } = start;
  const from = place === undefined ? range.from : dayIn(timeZone, place);

  const peaks = [];
  let rows = 0;
  for await (const period of periodsOf(deps, by, { ...range, from })) {
    if (place !== undefined && period.from <= place) continue;
    const last = peaks.at(-1);
    if (peaks.length === limit || (rows >= MOST_ROWS && last !== undefined)) {
      return { by, peaks, ...cursorAt(list, last?.from) };
    }
    const pools = period.pools.map(({ owned: _, inUse: __, mostOwned, ...pool }) => ({ ...pool, owned: mostOwned }));
    const denials = period.denials.map((denial) => withPath(tenant, denial));
    rows += pools.length + denials.length;
    const { day, denied, deniedUsers } = period;
    peaks.push({
      day,
      from: period.from,
      pools: inOrder(pools.map((pool) => withPath(tenant, pool))),
      denied,
      deniedUsers,
      denials,
    });
  }
  return { by, peaks };
}

/**
 * Returns what each pool would have needed in each day or hour of a range, the highest of it, and what that assumes. It
 * costs as much as the peaks of the range.
 */
export async function getNeeds(deps: TenantContext, request: RequestOf<'get-needs'>) {
  const { tenant } = deps;
  const { by, folder } = request;
  const range = rangeOf(deps, request, { most: by === 'day' ? MOST_DAYS_BY_DAY : MOST_DAYS, usual: MOST_DAYS });
  if (isRefusal(range)) return range;
  const folderId = folder === undefined ? undefined : folderAt(tenant.folders, folder);
  if (folder !== undefined && folderId === undefined) return unknownFolder(folder);

  const pools = new Map<string, ClassInFolder & { readonly periods: PeriodNeed[] }>();
  let rows = 0;
  for await (const period of periodsOf(deps, by, range)) {
    for (const { inUse, denied, needed, owned, ...pool } of needsOf(period)) {
      if (folderId !== undefined && pool.folderId !== folderId) continue;
      rows += 1;
      if (rows > MOST_ROWS) return tooManyRows();
      const known = pools.get(poolKey(pool)) ?? { ...pool, periods: [] };
      known.periods.push({ day: period.day, from: period.from, inUse, denied, needed, owned });
      pools.set(poolKey(pool), known);
    }
  }
  return {
    ...range,
    by,
    assumptions: codesOf('needs').map((code) => ({ code, text: sentence('needs', code, {}) })),
    pools: inOrder(
      [...pools.values()].map(({ periods, ...pool }) => withPath(tenant, { ...pool, ...highest(periods), periods })),
    ),
  };
}

type PeriodNeed = Omit<Need, keyof ClassInFolder> & { readonly day: Day; readonly from: Instant };

/** Returns the first of the periods in which most licenses were needed. */
function highest(periods: readonly PeriodNeed[]) {
  return periods.reduce((most, one) => (one.needed > most.needed ? one : most));
}

function tooManyRows(): Refusal {
  const text = `covers more than ${MOST_ROWS} rows, one for each pool and period: ask for fewer days, or for one folder`;
  return invalidRequest([{ place: 'from', text }]);
}

type Period = Usage & { readonly day: Day; readonly from: Instant };

/** Yields the days or the hours of a range up to today, by the folders that exist now. */
async function* periodsOf(
  deps: TenantContext,
  by: 'day' | 'hour',
  { from, to }: { readonly from: Day; readonly to: Day },
): AsyncGenerator<Period> {
  const { tenant } = deps;
  const { timeZone } = tenant.settings;
  const last = earlier(to, dayIn(timeZone, deps.clock.now()));
  for (let first = from; first <= last; first = dayAfter(first, MOST_DAYS)) {
    const range = { from: first, to: earlier(dayAfter(first, MOST_DAYS - 1), last) };
    const days = await readUsage(deps, tenant, by === 'day' ? { ...range, withoutHours: true } : range);
    for (const day of days) {
      for (const period of by === 'day'
        ? [wholeDay(day, timeZone)]
        : day.hours.map((hour) => ({ ...hour, day: day.day }))) {
        yield inPresentFolders(period, tenant.folders);
      }
    }
  }
}

function wholeDay({ hours: _, ...usage }: DayUsage, timeZone: string): Period {
  return { ...usage, from: startOfDay(timeZone, usage.day) };
}

/** Returns the days that a request covers. Without days, it covers the `usual` ones up to today. */
function rangeOf(
  { tenant, clock }: TenantContext,
  { from, to }: { readonly from?: Day; readonly to?: Day },
  { most, usual }: { readonly most: number; readonly usual: number },
): { readonly from: Day; readonly to: Day } | Refusal {
  const last = to ?? dayIn(tenant.settings.timeZone, clock.now());
  const first = from ?? dayAfter(last, 1 - usual);
  if (first > last || daysBetween(first, last) >= most - 1) {
    return invalidRequest([{ place: 'from', text: `must be at most ${most} days before \`to\`, and not after it` }]);
  }
  return { from: first, to: last };
}

/** Replaces the id of a folder by its path. */
function withPath<Row extends { readonly folderId: string }>({ folders }: Tenant, { folderId, ...row }: Row) {
  return { folder: pathOf(folders, folderId) ?? folderId, ...row };
}

function inOrder<Row extends { readonly folder: string }>(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((one, other) => (one.folder === other.folder ? 0 : one.folder < other.folder ? -1 : 1));
}
