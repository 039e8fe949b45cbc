import { timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { calendarFeedOf, hashOfSecret, readFileName } from '../../shared/calendars/calendar-feed.ts';
import { countLastDays, type ExpiryCalendar } from '../../shared/calendars/count-last-days.ts';
import { icalendar } from '../../shared/calendars/icalendar.ts';
import { type Day, dayIn } from '../../shared/licensing/time.ts';
import { cached } from '../../shared/platform/cache.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import type { Log } from '../../shared/platform/log.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { SAFE_HEADERS } from '../../shared/platform/safe-headers.ts';
import { calendarFeedKey } from '../../shared/store/keys.ts';
import type { ReadTenant } from '../../shared/store/read-tenant.ts';
import { unlessUnchanged } from '../admin-api/entity-tag.ts';

export type CalendarDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  readonly readTenant: ReadTenant;
  readonly countLastDays: (tenantId: string, today: Day) => Promise<ExpiryCalendar | undefined>;
};

/** For how many milliseconds a count is kept, for each license that ends within the year. */
const KEPT_FOR_A_LICENSE = 5;

/**
 * Returns a reader of counts that keeps each count for longer, the more licenses it read: hardly at all for a hundred,
 * and for some minutes for a hundred thousand. So a program that polls without pause cannot keep the table busy.
 */
export function keptCounts({ table, clock }: Pick<CalendarDeps, 'table' | 'clock'>): CalendarDeps['countLastDays'] {
  const count = (tenantId: string, today: Day) => countLastDays(table, tenantId, today);
  const licenses = ({ days }: ExpiryCalendar) => days.reduce((sum, day) => sum + day.licenses, 0);
  return cached(count, clock, (calendar) => KEPT_FOR_A_LICENSE * licenses(calendar));
}

/**
 * Answers with a tenant's calendar of last days. The name of the file is the only proof: it has the secret of a feed,
 * whose hash the feed's item has. A wrong secret, a revoked feed and an unknown tenant get the same answer. The secret
 * is in no log and no answer.
 */
export async function answerCalendar(
  deps: CalendarDeps,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const tenant = await provenTenant(deps, event.pathParameters?.['file'] ?? '');
  if (tenant === undefined) return answered(deps, undefined, NOT_FOUND);
  const { tenantId, settings } = tenant;
  const { timeZone } = settings;
  const today = dayIn(timeZone, deps.clock.now());
  const { days = [] } = (await deps.countLastDays(tenantId, today)) ?? {};
  const body = icalendar({ tenantId, timeZone, today, days });
  return answered(deps, tenantId, unlessUnchanged(event, { statusCode: 200, headers: CALENDAR, body }));
}

const CALENDAR = {
  'content-type': 'text/calendar; charset=utf-8',
  'content-disposition': 'inline; filename="licenses.ics"',
  'cache-control': 'private, no-cache',
};

const NOT_FOUND = {
  statusCode: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'There is no calendar under this address. It may have been revoked.\n',
};

async function provenTenant({ table, readTenant }: CalendarDeps, file: string) {
  const name = readFileName(file);
  if (name === undefined) return undefined;
  const item = await table.get(calendarFeedKey(name.tenant, name.feedId));
  if (item === undefined) return undefined;
  const [actual, expected] = [hashOfSecret(name.secret), calendarFeedOf(item).secretHash].map((hash) =>
    Buffer.from(hash),
  );
  if (actual === undefined || expected === undefined || actual.length !== expected.length) return undefined;
  return timingSafeEqual(actual, expected) ? readTenant(name.tenant) : undefined;
}

function answered(
  { log }: CalendarDeps,
  tenant: string | undefined,
  answer: APIGatewayProxyStructuredResultV2,
): APIGatewayProxyStructuredResultV2 {
  log('calendar-answered', { tenant, status: answer.statusCode });
  return { ...answer, headers: { ...answer.headers, ...SAFE_HEADERS, 'referrer-policy': 'no-referrer' } };
}
