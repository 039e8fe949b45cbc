import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Instant } from '../licensing/time.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Item } from '../platform/ports/table.ts';
import { tenantId } from '../platform/validation.ts';
import { calendarFeedKey } from '../store/keys.ts';

/** A secret address under which anybody reads a tenant's calendar. Its item has only a hash of the secret. */
export type CalendarFeed = {
  readonly feedId: string;
  readonly createdAt: Instant;
  readonly secretHash: string;
};

const stored = z.object({ feedId: z.string(), createdAt: z.string(), secretHash: z.string() });

export function calendarFeedItem(tenant: string, feed: CalendarFeed): Item {
  return { ...calendarFeedKey(tenant, feed.feedId), ...feed };
}

export function calendarFeedOf(item: Item): CalendarFeed {
  return stored.parse(item);
}

/**
 * Returns the secret of a feed. It is a hash with the stage's key, so it can be shown again to the repeated request
 * that created the feed, and nobody has to store it.
 */
export async function feedSecret(keyedHash: KeyedHash, tenant: string, feedId: string): Promise<string> {
  return keyedHash('calendar-feed', tenant, feedId);
}

export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Returns the path of the address of a feed. */
export function feedPath(tenant: string, feedId: string, secret: string): string {
  return `/calendars/${tenant}.${feedId}.${secret}.ics`;
}

const FILE = /^([^.]+)\.([a-z0-9]{12})\.([0-9a-f]{64})\.ics$/;

/** Reads the name of a calendar's file. Undefined when it cannot be one. */
export function readFileName(
  name: string,
): { readonly tenant: string; readonly feedId: string; readonly secret: string } | undefined {
  const [, tenant, feedId, secret] = FILE.exec(name) ?? [];
  if (tenant === undefined || feedId === undefined || secret === undefined) return undefined;
  return tenantId.safeParse(tenant).success ? { tenant, feedId, secret } : undefined;
}
