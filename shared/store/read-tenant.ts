import { pathOf, ROOT } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { TENANT_KEPT, tenantOf } from './items.ts';
import { tenantKey } from './keys.ts';

/** Reads a tenant; undefined if it is unknown. With `folderId`, a cached tenant counts only if it has that folder. */
export type ReadTenant = (tenantId: string, folderId?: string) => Promise<Tenant | undefined>;

/** Returns a reader of tenants with strong consistency and without a cache. */
export function readTenant(table: Table): ReadTenant {
  return async (tenantId) => {
    const item = await table.get(tenantKey(tenantId));
    return item === undefined ? undefined : tenantOf(item);
  };
}

/**
 * Reads tenants through a cache of up to a minute. An unknown tenant is not cached, and a tenant without the folder is
 * read again.
 */
export function cachedTenants(read: ReadTenant, clock: Clock): ReadTenant {
  const known = new Map<string, { readonly tenant: Tenant; readonly until: string }>();
  return async (tenantId, folderId = ROOT) => {
    const cached = known.get(tenantId);
    if (cached !== undefined && clock.now() < cached.until && pathOf(cached.tenant.folders, folderId) !== undefined) {
      return cached.tenant;
    }
    const found = await read(tenantId);
    if (found === undefined) known.delete(tenantId);
    else known.set(tenantId, { tenant: found, until: plus(clock.now(), TENANT_KEPT) });
    return found;
  };
}
