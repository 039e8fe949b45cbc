import { defined } from '../licensing/defined.ts';
import type { License } from '../licensing/license/license.ts';
import type { Day } from '../licensing/time.ts';
import type { Table } from '../platform/ports/table.ts';
import { endOfRange, licenseKey, partitions } from '../store/keys.ts';
import { readKeys } from '../store/paging.ts';
import { readLicenses } from '../store/read-license.ts';

/**
 * Reads the licenses whose last day is between `from` and `day`. The index lists them, and each is read as it is now.
 */
export async function readExpiring(table: Table, tenantId: string, day: Day, from?: Day): Promise<readonly License[]> {
  const partition = partitions.licensesOfTenant(tenantId);
  const range = defined({ partition, to: endOfRange(`${day}#`), from });
  return readLicenses(table, await readKeys(table, 'by-expiry', range));
}

/** Reads all licenses of a tenant. The index lists them, and each is read as it is now. */
export async function readAllLicenses(table: Table, tenantId: string): Promise<readonly License[]> {
  const partition = partitions.licensesOfTenant(tenantId);
  return readLicenses(table, await readKeys(table, 'by-tenant', { partition }));
}

/** Reads the licenses with these serial numbers. Leaves out those that do not exist. */
export function readBySerialNumber(
  table: Table,
  tenantId: string,
  serialNumbers: readonly string[],
): Promise<readonly License[]> {
  return readLicenses(
    table,
    serialNumbers.map((serialNumber) => licenseKey(tenantId, serialNumber)),
  );
}

export function bySerialNumber(licenses: readonly License[]): ReadonlyMap<string, License> {
  return new Map(licenses.map((license) => [license.serialNumber, license]));
}
