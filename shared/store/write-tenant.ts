import { absent, equal } from '../licensing/clause.ts';
import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Write } from '../platform/ports/table.ts';
import { tenantItem } from './items.ts';

/** A new tenant; refused when there is one of that name. */
export function newTenant(tenant: Tenant): Write {
  return { put: tenantItem(tenant), onlyIf: [absent('pk')] };
}

/** The tenant from one version to the next; refused when somebody changed it since it was read. */
export function tenantWrite(before: Tenant, after: Tenant): Write {
  return { put: tenantItem(after), onlyIf: [equal('version', before.version)] };
}
