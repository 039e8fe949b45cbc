import { defined } from '../licensing/defined.ts';
import { dayIn } from '../licensing/time.ts';
import type { Role } from '../licensing/vocabulary.ts';
import type { RequestOf } from './administer-request.ts';
import type { AdministerDeps } from './deps.ts';
import { unknownTenant } from './tenants.ts';

/**
 * Returns who calls, and what time it is: the service's own now, and the calendar day of the caller's tenant. An
 * operator has no tenant. One read.
 */
export async function getMe(deps: AdministerDeps, { tenant: tenantId, actor, name }: RequestOf<'get-me'>, role: Role) {
  const now = deps.clock.now();
  const me = defined({ actor, name, role, now });
  if (tenantId === undefined) return me;
  const tenant = await deps.readTenant(tenantId);
  if (tenant === undefined) return unknownTenant(tenantId);
  const { timeZone } = tenant.settings;
  return { ...me, tenant: tenantId, today: dayIn(timeZone, now), timeZone };
}
