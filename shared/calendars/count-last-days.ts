import { calendarRange, expiryCalendar, type LastDay } from '../licensing/advice/expiry-calendar.ts';
import type { Day } from '../licensing/time.ts';
import type { Table } from '../platform/ports/table.ts';
import { licenseOf } from '../store/items.ts';
import { endOfRange, partitions } from '../store/keys.ts';
import { walkKeys } from '../store/paging.ts';

/** How many licenses are read at once. */
const AT_ONCE = 500;

export type ExpiryCalendar = { readonly from: Day; readonly to: Day; readonly days: readonly LastDay[] };

/**
 * Counts the licenses of a tenant that end within a year, by their last day. Reads these licenses and no others: a page
 * of the index for each 500 of them, and 100 of them with each read. Only the counts and the users of the days are
 * held.
 */
export async function countLastDays(table: Table, tenantId: string, today: Day): Promise<ExpiryCalendar> {
  const { from, to } = calendarRange(today);
  const calendar = expiryCalendar();
  const range = { partition: partitions.licensesOfTenant(tenantId), from, to: endOfRange(`${to}#`), limit: AT_ONCE };
  for await (const keys of walkKeys(table, 'by-expiry', range)) {
    for (const item of await table.getMany(keys)) if (item !== undefined) calendar.add(licenseOf(item));
  }
  // An index lags, so a license may have got another last day since it was listed.
  return { from, to, days: calendar.lastDays().filter(({ day }) => day >= from && day <= to) };
}
