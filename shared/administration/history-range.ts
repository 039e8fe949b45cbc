import * as z from 'zod/mini';
import { readTenantHistory } from '../history/read-entries.ts';
import { dayAfter, startOfDay } from '../licensing/cleanup-time.ts';
import { defined } from '../licensing/defined.ts';
import type { HistoryEntry } from '../licensing/history/history.ts';
import { type Day, dayIn, earlier, type Instant } from '../licensing/time.ts';
import type { TenantContext } from './deps.ts';
import { decodeCursor, encodeCursor, invalidCursor } from './pages.ts';
import { isRefusal, type Refusal } from './refusal.ts';

/** How many days, and how many entries that do not fit, one page skips at most. */
const MOST_DAYS = 31;
const MOST_ENTRIES = 1_000;

const LIST = 'history of days';

/** Where a page begins: at a day, or after one of its entries. */
type HistoryPosition = { readonly day: Day; readonly after?: string | undefined };

type HistoryRange = {
  readonly from: Day;
  readonly to: Day;
  readonly limit: number;
  readonly cursor?: string;
};

/**
 * Reads the entries of some of the tenant's days that fit, in order. A page reads four shards a day, 31 days at most,
 * and looks at some thousand entries at most, so it may be short when few fit.
 */
export async function readHistoryRange(
  { table, clock, tenant: { tenantId, settings } }: TenantContext,
  range: HistoryRange,
  fits: (entry: HistoryEntry) => boolean = () => true,
): Promise<{ readonly entries: readonly HistoryEntry[]; readonly cursor?: string } | Refusal> {
  const { timeZone } = settings;
  const start = readPosition(range, timeZone);
  if (isRefusal(start)) return start;
  const today = dayIn(timeZone, clock.now());
  const last = earlier(range.to, today);
  const found: HistoryEntry[] = [];
  let { day, after } = start;
  for (let days = 0, looked = 0; day <= last; ) {
    const limit = range.limit - found.length;
    const page = await readTenantHistory(table, tenantId, defined({ ...instantsOf(timeZone, day), limit, after }));
    found.push(...page.entries.filter(fits));
    looked += page.entries.length;
    after = page.next;
    if (after === undefined) {
      day = dayAfter(day);
      days += 1;
    }
    if (found.length === range.limit || days === MOST_DAYS || looked >= MOST_ENTRIES) break;
  }
  return defined({ entries: found, cursor: day > last ? undefined : encodeCursor(LIST, { pk: day, sk: after ?? '' }) });
}

function instantsOf(timeZone: string, day: Day): { readonly from: Instant; readonly to: Instant } {
  return { from: startOfDay(timeZone, day), to: startOfDay(timeZone, dayAfter(day)) };
}

/** Returns where a page begins. Refuses a cursor with a day or an entry that this range cannot have given. */
function readPosition({ cursor, from, to }: HistoryRange, timeZone: string): HistoryPosition | Refusal {
  if (cursor === undefined) return { day: from };
  const position = decodeCursor(cursor, LIST);
  if (isRefusal(position)) return position;
  const { pk: day, sk: after } = position;
  if (!z.safeParse(z.iso.date(), day).success || day < from || day > to) return invalidCursor();
  if (after === '') return { day };
  const range = instantsOf(timeZone, day);
  return after >= range.from && after < range.to ? { day, after } : invalidCursor();
}
