import { pathOf, ROOT } from '../licensing/folder-tree.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import { plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { TENANT_KEPT, tenantOf } from './items.ts';
import { tenantKey } from './keys.ts';

/** Gives a tenant, undefined for an unknown one. With `folderId`: as of a time at which it had that folder. */
export type ReadTenant = (tenant: string, folderId?: string) => Promise<Tenant | undefined>;

export function readTenant(table: Table): ReadTenant {
  return async (tenant) => {
    const item = await table.get(tenantKey(tenant));
    return item === undefined ? undefined : tenantOf(item);
  };
}

/** Tenants as they were up to a minute ago; an unknown one, or one without the folder, is asked for again each time. */
export function cachedTenants(read: ReadTenant, clock: Clock): ReadTenant {
  const known = new Map<string, { readonly tenant: Tenant; readonly until: string }>();
  return async (tenant, folderId = ROOT) => {
    const cached = known.get(tenant);
    if (cached !== undefined && clock.now() < cached.until && pathOf(cached.tenant.folders, folderId) !== undefined) {
      return cached.tenant;
    }
    const found = await read(tenant);
    if (found === undefined) known.delete(tenant);
    else known.set(tenant, { tenant: found, until: plus(clock.now(), TENANT_KEPT) });
    return found;
  };
}
