import { beginning } from '../licensing/beginning.ts';
import type { Pool } from '../licensing/license/pool.ts';
import type { Access, LicenseType } from '../licensing/vocabulary.ts';
import type { Key } from '../platform/ports/table.ts';

/**
 * Returns the key of a tenant.
 *
 * Every key of an item is made in this file, and each needs a tenant (`[a-z0-9-]`, so that `#` ends it). A part that
 * may hold any text, such as a user id, comes last.
 */
export function tenantKey(tenantId: string): Key {
  return { pk: `T#${tenantId}`, sk: 'TENANT' };
}

/** Returns the tenant that an item's key names. */
export function tenantOfKey({ pk }: Key): string {
  return pk.split('#')[1] ?? '';
}

export function userCardKey(tenantId: string, user: string): Key {
  return { pk: `U#${tenantId}#${user}`, sk: 'CARD' };
}

/**
 * Returns the key of a word by which a user is found. The words of a tenant are in one partition, in their order. Of a
 * long user id only the beginning and a hash fit into the key.
 */
export function searchKey(tenantId: string, word: string, user: string): Key {
  return { pk: `FIND#${tenantId}`, sk: `${word}#${beginning(user, 100)}#${hash8(user)}` };
}

export function licenseKey(tenantId: string, serialNumber: string): Key {
  return { pk: `L#${tenantId}#${serialNumber}`, sk: 'LICENSE' };
}

/**
 * Returns the key of a vacancy. Vacancies of one folder are in one partition: floating before dedicated ones, and
 * within each type in a random order.
 */
export function vacancyKey(vacancy: {
  readonly tenant: string;
  readonly folderId: string;
  readonly type: LicenseType;
  readonly access: Access;
  readonly serialNumber: string;
}): Key {
  return {
    pk: vacancyPartition(vacancy.tenant, vacancy.folderId),
    sk: `${vacancyPrefix(vacancy.access, vacancy.type)}${hash8(vacancy.serialNumber)}#${vacancy.serialNumber}`,
  };
}

export function vacancyPartition(tenantId: string, folderId: string): string {
  return `V#${tenantId}#${folderId}`;
}

const ACCESS_LETTERS: Readonly<Record<Access, string>> = { write: 'w', read: 'r' };
const TYPE_DIGITS: Readonly<Record<LicenseType, number>> = { floating: 1, dedicated: 2 };

/** Returns `w1#`, `w2#`, `r1#` or `r2#`. The digits sort floating vacancies first in a folder's window. */
export function vacancyPrefix(access: Access, type: LicenseType): string {
  return `${ACCESS_LETTERS[access]}${TYPE_DIGITS[type]}#`;
}

export function importKey(tenantId: string, importId: string): Key {
  return { pk: `I#${tenantId}#${importId}`, sk: 'REPORT' };
}

/** Returns the key of a page of a report's licenses, counted from 0. */
export function importPageKey(tenantId: string, importId: string, page: number): Key {
  return { pk: `I#${tenantId}#${importId}`, sk: `PAGE#${padded(page)}` };
}

/** Returns the key of the item that names the latest import of an upload. */
export function uploadKey(tenantId: string, key: string): Key {
  return { pk: `K#${tenantId}#${key}`, sk: 'UPLOAD' };
}

/** Returns the key of the item that names the first import of the same bytes. */
export function contentKey(tenantId: string, sha256: string): Key {
  return { pk: `C#${tenantId}#${sha256}`, sk: 'CONTENT' };
}

/** Returns the key of the preview of an import. It ends by its TTL. */
export function previewKey(tenantId: string, previewId: string): Key {
  return { pk: `PREVIEW#${tenantId}#${previewId}`, sk: 'PREVIEW' };
}

/** Returns the key of a page of a preview's licenses, counted from 0. */
export function previewPageKey(tenantId: string, previewId: string, page: number): Key {
  return { pk: `PREVIEW#${tenantId}#${previewId}`, sk: `PAGE#${padded(page)}` };
}

export function renewalKey(tenantId: string, renewalId: string): Key {
  return { pk: `R#${tenantId}#${renewalId}`, sk: 'RENEWAL' };
}

/**
 * Returns the key of a page of a renewal's plan, counted from 0. If a renewal was planned twice, the renewal names the
 * plan that counts.
 */
export function renewalPageKey(tenantId: string, renewalId: string, planId: string, page: number): Key {
  return { pk: `R#${tenantId}#${renewalId}`, sk: `PLAN#${planId}#${padded(page)}` };
}

/**
 * Returns the key of the result of a row of the plan, counted from 0. The item exists once a step has handled the row.
 */
export function renewalRowKey(tenantId: string, renewalId: string, planId: string, row: number): Key {
  return { pk: `R#${tenantId}#${renewalId}`, sk: `ROW#${planId}#${padded(row)}` };
}

/** Returns the key of one of the counters of a renewal's rows. */
export function renewalCounterKey(tenantId: string, renewalId: string, planId: string, counter: number): Key {
  return { pk: `R#${tenantId}#${renewalId}`, sk: `COUNT#${planId}#${padded(counter)}` };
}

/** Returns the key of the lock that the tenant's one running renewal holds (R42). */
export function renewalLockKey(tenantId: string): Key {
  return { pk: `T#${tenantId}`, sk: 'RENEWAL' };
}

/** Returns the key of the lock that a call holds while it reads the whole tenant. */
export function readLockKey(tenantId: string): Key {
  return { pk: `T#${tenantId}`, sk: 'READ' };
}

/** Returns the key of the mark that holds the day of the tenant's last daily cleanup (R43). */
export function cleanupMarkKey(tenantId: string): Key {
  return { pk: `T#${tenantId}`, sk: 'CLEANUP' };
}

/** Returns the key of the last notice to a tenant that a pool runs low. */
export function poolNoticeKey({ tenant, folderId, access, type }: Pool): Key {
  return { pk: `G#${tenant}#${vacancyPrefix(access, type)}${folderId}`, sk: 'POOL' };
}

/** Returns the key of the mark that holds the day of the tenant's last audit. */
export function auditMarkKey(tenantId: string): Key {
  return { pk: `T#${tenantId}`, sk: 'AUDIT' };
}

/**
 * Returns the key of one change of a license, which is kept for good. The key holds the version, so that a stream
 * record that arrives twice is stored once.
 */
export function historyKey(tenantId: string, serialNumber: string, version: number): Key {
  return { pk: `H#${tenantId}#${serialNumber}`, sk: `V#${String(version).padStart(9, '0')}` };
}

/**
 * Returns the key of something that happened at a tenant on one day (UTC), in order. A day has four partitions, so that
 * a morning of logins does not overload one.
 */
export function tenantDayKey(tenantId: string, place: string): Key {
  return { pk: tenantDayPartition(tenantId, place.slice(0, 10), historyShard(place)), sk: place };
}

/** Returns the partition of one of the parts of a tenant's day. `shard` is below `HISTORY_SHARDS`. */
export function tenantDayPartition(tenantId: string, utcDay: string, shard: number): string {
  return `D#${tenantId}#${utcDay}#${shard}`;
}

export const HISTORY_SHARDS = 4;

function historyShard(place: string): number {
  return Number.parseInt(hash8(place), 16) % HISTORY_SHARDS;
}

/** Returns the key of something that happened to one user or was done by them, in order. */
export function personHistoryKey(tenantId: string, user: string, place: string): Key {
  return { pk: `P#${tenantId}#${user}`, sk: place };
}

/**
 * Returns the key of the pseudonym of an erased user. It holds a digest of the user's id, for stream records that are
 * still to come.
 */
export function erasureKey(tenantId: string, digest: string): Key {
  return { pk: `E#${tenantId}#${digest}`, sk: 'ERASED' };
}

/**
 * Returns the key of one administrator's command (R49), under the month and the moment at which it began. A month of
 * commands is far below the limits of one partition, even for the busiest tenant.
 */
export function commandKey(tenantId: string, place: string): Key {
  return { pk: `COMMAND#${tenantId}#${monthOf(place)}`, sk: place };
}

/** Returns the key of the actor of a command. The actor has an item of its own because it expires by itself. */
export function commandActorKey(tenantId: string, place: string): Key {
  return { pk: `ACTOR#${tenantId}#${monthOf(place)}`, sk: place };
}

function monthOf(place: string): string {
  return place.slice(0, 7);
}

/**
 * Returns the key of the name of a person whom lasting records name by a hash, or of the pseudonym of an erased person.
 */
export function personNameKey(tenantId: string, hash: string): Key {
  return { pk: `NAME#${tenantId}#${hash}`, sk: 'NAME' };
}

/** Returns the key of a record of the stream that could not be read. A person must look at it. */
export function unreadableRecordKey(sequenceNumber: string): Key {
  return { pk: `X#${sequenceNumber}`, sk: 'RECORD' };
}

/** Returns the key of the usage of one of the tenant's past days. Parts beyond the first have a number. */
export function usageKey(tenantId: string, day: string, part = 0): Key {
  return { pk: `Q#${tenantId}`, sk: numbered(day, part) };
}

/** Returns the key of the usage of one past hour, by the instant at which it began. */
export function hourUsageKey(tenantId: string, from: string, part = 0): Key {
  return { pk: `Q#${tenantId}#HOURS`, sk: numbered(from, part) };
}

function numbered(period: string, part: number): string {
  return part === 0 ? period : `${period}#${padded(part)}`;
}

/**
 * Returns the key of what the pools count of one license. The entries of a tenant are spread over eight partitions, so
 * that they are written and read side by side.
 */
export function poolEntryKey(tenantId: string, serialNumber: string): Key {
  const shard = Number.parseInt(hash8(serialNumber), 16) % POOL_SHARDS;
  return { pk: poolPartition(tenantId, shard), sk: serialNumber };
}

/** Returns one of the partitions of a tenant's pools. `shard` is below `POOL_SHARDS`. */
export function poolPartition(tenantId: string, shard: number): string {
  return `POOL#${tenantId}#${shard}`;
}

export const POOL_SHARDS = 8;

/**
 * Returns the key of what a tenant configures for one identity provider. All hooks of a tenant are in one partition.
 */
export function hookKey(tenantId: string, provider: string): Key {
  return { pk: hookPartition(tenantId), sk: provider };
}

export function hookPartition(tenantId: string): string {
  return `HOOK#${tenantId}`;
}

/** Returns the key of what is known of the calls of a hook. */
export function hookHealthKey(tenantId: string, provider: string): Key {
  return { pk: `HOOKHEALTH#${tenantId}`, sk: provider };
}

/** How many characters of a feed's id are the number of its place. */
export const FEED_PLACE = 2;

/**
 * Returns the key of a secret address of the tenant's calendar: its place in the partition of all of them. A later feed
 * may have the place of a deleted one.
 */
export function calendarFeedKey(tenantId: string, feedId: string): Key {
  return { pk: calendarFeedPartition(tenantId), sk: beginning(feedId, FEED_PLACE) };
}

export function calendarFeedPartition(tenantId: string): string {
  return `CALENDAR#${tenantId}`;
}

/** Returns the key of the webhook that receives a tenant's events. */
export function webhookKey(tenantId: string): Key {
  return { pk: webhookPartition(tenantId), sk: 'WEBHOOK' };
}

/** Returns the key of what is known of the deliveries to a webhook: those that failed in a row. */
export function deliveriesKey(tenantId: string): Key {
  return { pk: webhookPartition(tenantId), sk: 'DELIVERIES' };
}

/** Returns the key of the last deliveries to a webhook. */
export function webhookHealthKey(tenantId: string): Key {
  return { pk: webhookPartition(tenantId), sk: 'HEALTH' };
}

/** Returns the key of the last test of a webhook that an administrator asked for. */
export function webhookTestKey(tenantId: string): Key {
  return { pk: webhookPartition(tenantId), sk: 'TEST' };
}

/** Returns the partition of a webhook and of what is known of its deliveries. */
export function webhookPartition(tenantId: string): string {
  return `WEBHOOK#${tenantId}`;
}

/**
 * Returns the key of the tenant to which a provider's own tenant (`cognito:eu-north-1_Lp4QzT7aB`) belongs, for calls
 * that do not name it.
 */
export function hookScopeKey(scope: string): Key {
  return { pk: `HOOKSCOPE#${scope}`, sk: 'HOOK' };
}

/** Returns the key of the tenant to which a user of Cognito belongs. */
export function cognitoUserKey(sub: string): Key {
  return { pk: `COGNITO#${sub}`, sk: 'USER' };
}

/**
 * Returns the key of the mark that an event of an identity provider was handled, under a digest of its sender and its
 * id.
 */
export function hookEventKey(tenantId: string, digest: string): Key {
  return { pk: `HOOKEVENT#${tenantId}#${digest}`, sk: 'EVENT' };
}

/** Returns the key of the owner of a session, for logouts that name only the session. */
export function sessionOwnerKey(tenantId: string, session: string): Key {
  return { pk: `S#${tenantId}#${session}`, sk: 'SESSION' };
}

/** Returns the key of the mark that a logout or a disconnect has ended a user's session. */
export function sessionEndKey(tenantId: string, session: string, user: string): Key {
  return { pk: `S#${tenantId}#${session}`, sk: `END#${user}` };
}

/**
 * Returns the key of a request that was begun, and of its answer, under a digest of its sender and of the key that the
 * sender chose.
 */
export function requestKey(tenantId: string, digest: string): Key {
  return { pk: `IDEMPOTENCY#${tenantId}#${digest}`, sk: 'REQUEST' };
}

/** Returns the key of a part of an answer that does not fit into its request's item, counted from 1. */
export function answerPartKey(tenantId: string, digest: string, part: number): Key {
  return { ...requestKey(tenantId, digest), sk: `ANSWER#${padded(part)}` };
}

/**
 * Returns the end of a range of all sort keys that begin with a text, whatever characters follow. Keys are in the order
 * of their UTF-8 bytes.
 */
export function endOfRange(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}

/** The partitions of the indexes. */
export const partitions = {
  tenants: () => 'T',
  renewalsOfTenant: (tenantId: string) => `R#${tenantId}`,
  importsOfTenant: (tenantId: string) => `I#${tenantId}`,
  licensesOfTenant: (tenantId: string) => `L#${tenantId}`,
  userCardsOfTenant: (tenantId: string) => `U#${tenantId}`,
  /** The deleted licenses of a tenant. */
  deletedLicenses: (tenantId: string) => `DELETED#${tenantId}`,
  licensesOfFolder: (tenantId: string, folderId: string) => `L#${tenantId}#${folderId}`,
  userCardsOfFolder: (tenantId: string, folderId: string) => `U#${tenantId}#${folderId}`,
  idle: (shard: number) => `IDLE#${shard}`,
} as const;

/**
 * The number of shards of the idle index. All cards of a tenant are in one shard, so that a login finds its tenant's
 * idle ones with one query.
 */
export const IDLE_SHARDS = 16;

/** Returns the shard of the idle index that holds a tenant's cards. */
export function idleShard(tenantId: string): number {
  return Number.parseInt(hash8(tenantId), 16) % IDLE_SHARDS;
}

/** Returns eight hex digits, spread evenly (FNV-1a, 32 bits). They give a random order, not secrecy. */
export function hash8(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  // The last mixing steps of MurmurHash3: with FNV alone, similar serial numbers get the same first digits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

function padded(index: number): string {
  return String(index).padStart(6, '0');
}
