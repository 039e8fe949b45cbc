import { calendarFeedItem, calendarFeedOf, feedPath, feedSecret, hashOfSecret } from '../calendars/calendar-feed.ts';
import { countLastDays } from '../calendars/count-last-days.ts';
import { absent, equal } from '../licensing/clause.ts';
import { dayIn } from '../licensing/time.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import { randomText } from '../platform/random.ts';
import { untilAnswered } from '../platform/retry.ts';
import { calendarFeedKey, calendarFeedPartition, FEED_PLACE } from '../store/keys.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { refused } from './refusal.ts';

/** How many feeds a tenant has at most. Each has a place of its own, whose number begins its id. */
const MOST_FEEDS = 50;
const PLACES = Array.from({ length: MOST_FEEDS }, (_, place) => String(place).padStart(FEED_PLACE, '0'));

/**
 * Counts the licenses that end within a year, by their last day, and the users concerned (R45). The cost is linear in
 * the number of these licenses; see `countLastDays`.
 */
export async function getExpiryCalendar({ table, clock, tenant }: TenantContext) {
  return countLastDays(table, tenant.tenantId, dayIn(tenant.settings.timeZone, clock.now()));
}

/**
 * Creates a secret address under which calendar programs read the counts of last days. Only a hash of the secret is
 * stored, so the address is shown once.
 */
export async function createCalendarFeed(deps: TenantContext) {
  const { table, clock, random, keyedHash } = deps;
  const { tenantId } = deps.tenant;
  return untilAnswered(deps, async () => {
    const { items } = await table.query({ pk: calendarFeedPartition(tenantId) });
    const free = PLACES.filter((place) => !items.some(({ sk }) => sk === place));
    const place = free[random(free.length)];
    if (place === undefined) {
      return refused('conflict', `There are ${MOST_FEEDS} calendar feeds already. Delete one that nobody needs.`);
    }
    const feedId = `${place}${randomText(random, 10)}`;
    const secret = await feedSecret(keyedHash, tenantId, feedId);
    const feed = { feedId, createdAt: clock.now(), secretHash: hashOfSecret(secret) };
    const { done } = await table.write([{ put: calendarFeedItem(tenantId, feed), onlyIf: [absent('pk')] }]);
    const { createdAt } = feed;
    return done ? { feedId, createdAt, address: feedPath(tenantId, feedId, secret) } : undefined;
  });
}

/** Returns the path of the address of a feed. */
export async function addressOfFeed(keyedHash: KeyedHash, tenant: string, feedId: string): Promise<string> {
  return feedPath(tenant, feedId, await feedSecret(keyedHash, tenant, feedId));
}

/** Lists the feeds without their addresses, by their ids. One query. */
export async function listCalendarFeeds({ table, tenant }: TenantContext) {
  const { items } = await table.query({ pk: calendarFeedPartition(tenant.tenantId) });
  return { feeds: items.map(calendarFeedOf).map(({ feedId, createdAt }) => ({ feedId, createdAt })) };
}

/** Revokes the address of a feed at once. A missing feed is not an error. */
export async function deleteCalendarFeed(deps: TenantContext, { feedId }: RequestOf<'delete-calendar-feed'>) {
  return untilAnswered(deps, async () => {
    const key = calendarFeedKey(deps.tenant.tenantId, feedId);
    const answer = await deps.table.write([{ delete: key, onlyIf: [equal('feedId', feedId)] }]);
    return answer.done || answer.refusals[0]?.because === 'condition' ? { deleted: true } : undefined;
  });
}
