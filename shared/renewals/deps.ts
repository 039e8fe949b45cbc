import type { Tenant } from '../licensing/tenant/tenant.ts';
import type { Clock } from '../platform/clock.ts';
import { RenewalStopped } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import type { ReadTenant } from '../store/read-tenant.ts';

/** The dependencies of every step of a renewal. */
export type RenewalDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly readTenant: ReadTenant;
  readonly log: Log;
};

export async function tenantOfRenewal(deps: Pick<RenewalDeps, 'readTenant'>, tenantId: string): Promise<Tenant> {
  const found = await deps.readTenant(tenantId);
  if (found === undefined) throw new RenewalStopped(`there is no tenant "${tenantId}"`);
  return found;
}
