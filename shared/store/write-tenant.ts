import { absent, equal } from '../licensing/clause.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Write } from '../platform/ports/table.ts';
import { tenantItem } from './items.ts';

/** Returns the write of a new tenant. It is refused when a tenant of that name exists. */
export function newTenant(tenant: Tenant): Write {
  return { put: tenantItem(tenant), onlyIf: [absent('pk')] };
}

/**
 * Returns the write of a tenant from one version to the next. It is refused when the tenant has changed since it was
 * read.
 */
export function tenantWrite(before: Tenant, after: Tenant): Write {
  return { put: tenantItem(after), onlyIf: [equal('version', before.version)] };
}
