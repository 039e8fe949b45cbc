import * as z from 'zod/mini';
import { absent, any, atMost, sameValue } from '../licensing/clause.ts';
import { defined } from '../licensing/defined.ts';
import { type License, type LicenseFacts, stateInTerm } from '../licensing/license/license.ts';
import type { PoolEntry } from '../licensing/license/pool-counts.ts';
import { DAY, epochSeconds, plus } from '../licensing/time.ts';
import { LICENSE_STATES } from '../licensing/vocabulary.ts';
import { mapConcurrently } from '../platform/map-concurrently.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { classShape, licenseOf, type Shape, termShape } from './items.ts';
import { endOfRange, POOL_SHARDS, partitions, poolEntryKey, poolPartition } from './keys.ts';
import { walkIndex, walkPartition } from './paging.ts';

/** How long the entry of a deleted license stays, so that a late record does not bring the license back. */
const DELETED_KEPT = 30 * DAY;

/** About 800 KB, which one call of DynamoDB answers with. */
const PAGE = 5_000;

const poolEntry = z.object({
  ...classShape,
  ...termShape,
  serialNumber: z.string(),
  folderId: z.string(),
  version: z.number(),
  state: z.enum(LICENSE_STATES),
} satisfies Shape<PoolEntry>);

/** A version of a license, as the history has it. */
type LicenseVersion = Pick<
  License,
  'tenant' | 'serialNumber' | 'type' | 'access' | 'modules' | 'version' | 'change'
> & {
  readonly after: LicenseFacts;
};

/**
 * Returns the write of what the pools count of a license. It is refused when a later version was written already, so
 * records of the stream may come twice, late, or in another order.
 */
export function poolEntryWrite(license: LicenseVersion): Write {
  return { put: poolEntryItem(license), onlyIf: [any(absent('pk'), atMost('version', license.version))] };
}

function poolEntryItem({ tenant, serialNumber, type, access, modules, version, change, after }: LicenseVersion): Item {
  const { folderId, validFrom, expiresOn } = after;
  const state = stateInTerm(after);
  const ttl = state === 'deleted' ? epochSeconds(plus(change.at, DELETED_KEPT)) : undefined;
  const entry = { serialNumber, type, access, modules, folderId, validFrom, expiresOn, version, state, ttl };
  return { ...poolEntryKey(tenant, serialNumber), ...defined(entry) };
}

/**
 * Gives every entry of a tenant's pools to `add`. It reads eight partitions side by side, each 5,000 entries at a time:
 * 8 calls and 55 read units for 1,000 licenses, 24 calls and 5,200 units for 100,000.
 */
export async function readPoolEntries(table: Table, tenantId: string, add: (entry: PoolEntry) => void): Promise<void> {
  await mapConcurrently(POOL_SHARDS, POOL_SHARDS, async (shard) => {
    const range = { pk: poolPartition(tenantId, shard), to: endOfRange(''), limit: PAGE };
    for await (const items of walkPartition(table, range)) for (const item of items) add(poolEntry.parse(item));
  });
}

/**
 * Compares what the pools count with every license, and writes again what is behind or differs. Returns how many
 * entries it wrote. It reads each license and each entry once, page by page. Concurrent changes are safe, because an
 * entry never replaces one of a later version.
 */
export async function correctPoolEntries(table: Table, tenantId: string): Promise<number> {
  let corrected = 0;
  for (const partition of [partitions.licensesOfTenant(tenantId), partitions.deletedLicenses(tenantId)]) {
    for await (const page of walkIndex(table, 'by-tenant', partition)) {
      const licenses = page.map(licenseOf).map((license) => ({ ...license, after: license }));
      const entries = await table.getMany(licenses.map((one) => poolEntryKey(tenantId, one.serialNumber)));
      for (const [position, license] of licenses.entries()) {
        const entry = entries[position];
        const isFine = entry === undefined ? license.deletedAt !== undefined : agrees(entry, license);
        if (!isFine && (await table.write([poolEntryWrite(license)])).done) corrected += 1;
      }
    }
  }
  return corrected;
}

function agrees(entry: Item, license: LicenseVersion): boolean {
  const { version } = poolEntry.parse(entry);
  return version > license.version || sameValue(entry, poolEntryItem(license));
}
