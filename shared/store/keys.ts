import type { Pool } from '../licensing/license/pool.ts';
import type { Access, LicenseType } from '../licensing/vocabulary.ts';
import type { Key } from '../platform/ports/table.ts';

/**
 * The names of the table's items. Every key is made here, and each needs a tenant (`[a-z0-9-]`, so that `#` ends it);
 * what may hold any text (a user id) stands last.
 */
export function tenantKey(tenant: string): Key {
  return { pk: `T#${tenant}`, sk: 'TENANT' };
}

/** The tenant that an item's key names. */
export function tenantOfKey({ pk }: Key): string {
  return pk.split('#')[1] ?? '';
}

export function userCardKey(tenant: string, user: string): Key {
  return { pk: `U#${tenant}#${user}`, sk: 'CARD' };
}

export function licenseKey(tenant: string, serialNumber: string): Key {
  return { pk: `L#${tenant}#${serialNumber}`, sk: 'LICENSE' };
}

/** Vacancies of one folder stand together: floating before dedicated, within that in an order without meaning. */
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

export function vacancyPartition(tenant: string, folderId: string): string {
  return `V#${tenant}#${folderId}`;
}

/** `w1#`, `w2#` or `r1#`; `1` and `2` so that floating ones come first in a folder's window. */
export function vacancyPrefix(access: Access, type: LicenseType): string {
  return `${access === 'write' ? 'w' : 'r'}${type === 'floating' ? 1 : 2}#`;
}

export function importKey(tenant: string, importId: string): Key {
  return { pk: `I#${tenant}#${importId}`, sk: 'REPORT' };
}

/** Pages of a report's licenses, from 0. */
export function importPageKey(tenant: string, importId: string, page: number): Key {
  return { pk: `I#${tenant}#${importId}`, sk: `PAGE#${padded(page)}` };
}

/** Names the latest import of an upload. */
export function uploadKey(tenant: string, key: string): Key {
  return { pk: `K#${tenant}#${key}`, sk: 'UPLOAD' };
}

/** Names the first import of the same bytes. */
export function contentKey(tenant: string, sha256: string): Key {
  return { pk: `C#${tenant}#${sha256}`, sk: 'CONTENT' };
}

export function renewalKey(tenant: string, renewalId: string): Key {
  return { pk: `R#${tenant}#${renewalId}`, sk: 'RENEWAL' };
}

/** Pages of a renewal's plan, from 0. Of two plans of one renewal, the renewal names the one that counts. */
export function renewalPageKey(tenant: string, renewalId: string, planId: string, page: number): Key {
  return { pk: `R#${tenant}#${renewalId}`, sk: `PLAN#${planId}#${padded(page)}` };
}

/** What came of a row of the plan, from 0; there from the first step that went through it. */
export function renewalRowKey(tenant: string, renewalId: string, planId: string, row: number): Key {
  return { pk: `R#${tenant}#${renewalId}`, sk: `ROW#${planId}#${padded(row)}` };
}

/** Held by the one renewal of the tenant that runs (R42). */
export function renewalLockKey(tenant: string): Key {
  return { pk: `T#${tenant}`, sk: 'RENEWAL' };
}

/** The day for which the tenant's daily cleanup was done last (R43). */
export function cleanupMarkKey(tenant: string): Key {
  return { pk: `T#${tenant}`, sk: 'CLEANUP' };
}

/** What a tenant was told last of a pool that runs low. */
export function poolNoticeKey({ tenant, folderId, access, type }: Pool): Key {
  return { pk: `G#${tenant}#${vacancyPrefix(access, type)}${folderId}`, sk: 'POOL' };
}

/** The day on which the tenant was audited last. */
export function auditMarkKey(tenant: string): Key {
  return { pk: `T#${tenant}`, sk: 'AUDIT' };
}

/** One change of a license, for good; by version, so that a record that comes twice is written once. */
export function historyKey(tenant: string, serialNumber: string, version: number): Key {
  return { pk: `H#${tenant}#${serialNumber}`, sk: `V#${String(version).padStart(9, '0')}` };
}

/** What happened at a tenant on one day (UTC), in order; in four parts, so that no morning of logins is one partition's. */
export function tenantDayKey(tenant: string, place: string): Key {
  return { pk: tenantDayPartition(tenant, place.slice(0, 10), historyShard(place)), sk: place };
}

export function tenantDayPartition(tenant: string, utcDay: string, shard: number): string {
  return `D#${tenant}#${utcDay}#${shard}`;
}

export const HISTORY_SHARDS = 4;

function historyShard(place: string): number {
  return Number.parseInt(hash8(place), 16) % HISTORY_SHARDS;
}

/** What happened to one user, or by them, in order. */
export function personHistoryKey(tenant: string, user: string, place: string): Key {
  return { pk: `P#${tenant}#${user}`, sk: place };
}

/** The pseudonym of an erased user; under a digest of who they were, for records still on their way. */
export function erasureKey(tenant: string, digest: string): Key {
  return { pk: `E#${tenant}#${digest}`, sk: 'ERASED' };
}

/**
 * One administrator's command (R49), under the month and the moment at which it began: a month of the busiest tenant's
 * commands is far from what one partition takes.
 */
export function commandKey(tenant: string, place: string): Key {
  return { pk: `COMMAND#${tenant}#${monthOf(place)}`, sk: place };
}

/** Who gave a command; apart from it, as it ends by itself. */
export function commandActorKey(tenant: string, place: string): Key {
  return { pk: `ACTOR#${tenant}#${monthOf(place)}`, sk: place };
}

function monthOf(place: string): string {
  return place.slice(0, 7);
}

/** Who the person is that lasting records name by a hash, or the pseudonym of an erased one. */
export function personNameKey(tenant: string, hash: string): Key {
  return { pk: `NAME#${tenant}#${hash}`, sk: 'NAME' };
}

/** A record of the stream that nobody could read, for a person to look at. */
export function unreadableRecordKey(sequenceNumber: string): Key {
  return { pk: `X#${sequenceNumber}`, sk: 'RECORD' };
}

/** The usage of one of the tenant's days that is over. */
export function usageKey(tenant: string, day: string): Key {
  return { pk: `Q#${tenant}`, sk: day };
}

/** What a tenant configures for one identity provider. All of a tenant's stand together. */
export function hookKey(tenant: string, provider: string): Key {
  return { pk: hookPartition(tenant), sk: provider };
}

export function hookPartition(tenant: string): string {
  return `HOOK#${tenant}`;
}

/** Where a tenant wants to be told of its events. */
export function webhookKey(tenant: string): Key {
  return { pk: `WEBHOOK#${tenant}`, sk: 'WEBHOOK' };
}

/** Which tenant a provider's own tenant (`cognito:eu-north-1_Lp4QzT7aB`) belongs to, where a call does not say. */
export function hookScopeKey(scope: string): Key {
  return { pk: `HOOKSCOPE#${scope}`, sk: 'HOOK' };
}

/** Which tenant a user of Cognito belongs to. */
export function cognitoUserKey(sub: string): Key {
  return { pk: `COGNITO#${sub}`, sk: 'USER' };
}

/** That an event of an identity provider was handled; under a digest of who sent it and of its id. */
export function hookEventKey(tenant: string, digest: string): Key {
  return { pk: `HOOKEVENT#${tenant}#${digest}`, sk: 'EVENT' };
}

/** Whose a session is, for logouts that name the session alone. */
export function sessionOwnerKey(tenant: string, session: string): Key {
  return { pk: `S#${tenant}#${session}`, sk: 'SESSION' };
}

/** That a logout or a disconnect has ended a user's session. */
export function sessionEndKey(tenant: string, session: string, user: string): Key {
  return { pk: `S#${tenant}#${session}`, sk: `END#${user}` };
}

/** That a request was begun, and its answer; under a digest of who sent it and of the key they chose. */
export function requestKey(tenant: string, digest: string): Key {
  return { pk: `IDEMPOTENCY#${tenant}#${digest}`, sk: 'REQUEST' };
}

/** What of an answer has no room in its request's item, from 1. */
export function answerPartKey(tenant: string, digest: string, part: number): Key {
  return { ...requestKey(tenant, digest), sk: `ANSWER#${padded(part)}` };
}

/** Partitions of the indexes. */
export const partitions = {
  tenants: () => 'T',
  renewalsOfTenant: (tenant: string) => `R#${tenant}`,
  importsOfTenant: (tenant: string) => `I#${tenant}`,
  licensesOfTenant: (tenant: string) => `L#${tenant}`,
  userCardsOfTenant: (tenant: string) => `U#${tenant}`,
  licensesOfFolder: (tenant: string, folderId: string) => `L#${tenant}#${folderId}`,
  userCardsOfFolder: (tenant: string, folderId: string) => `U#${tenant}#${folderId}`,
  idle: (shard: number) => `IDLE#${shard}`,
} as const;

/** A tenant's cards are all in one shard, so that a login finds the idle ones of its tenant with one query. */
export const IDLE_SHARDS = 16;

export function idleShard(tenant: string): number {
  return Number.parseInt(hash8(tenant), 16) % IDLE_SHARDS;
}

/** Eight hex digits, spread evenly (FNV-1a, 32 bits); for order without meaning, not for secrecy. */
export function hash8(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  // The last mixing steps of MurmurHash3: FNV alone leaves the first digits of similar serial numbers alike.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

function padded(index: number): string {
  return String(index).padStart(6, '0');
}
