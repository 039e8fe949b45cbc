import type { License } from '../licensing/license/license.ts';
import type { Key, Table } from '../platform/ports/table.ts';
import { licenseOf } from './items.ts';
import { licenseKey } from './keys.ts';

/**
 * Reads a license with strong consistency, also a deleted one. Returns undefined when the tenant has no license with
 * this serial number.
 */
export async function readLicense(table: Table, tenantId: string, serialNumber: string): Promise<License | undefined> {
  const item = await table.get(licenseKey(tenantId, serialNumber));
  return item === undefined ? undefined : licenseOf(item);
}

/** Reads licenses by their keys, in the order of the keys. Missing ones are left out. */
export async function readLicenses(table: Table, keys: readonly Key[]): Promise<readonly License[]> {
  const items = await table.getMany(keys);
  return items.flatMap((item) => (item === undefined ? [] : [licenseOf(item)]));
}
