import type { Tenant } from '../licensing/tenant.ts';
import type { Clock } from '../runtime/clock.ts';
import { RenewalStopped } from '../runtime/errors.ts';
import type { Log } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { ReadTenant } from '../store/read-tenant.ts';
import type { Table } from '../store/table.ts';

/** What every step of a renewal needs. */
export type RenewalDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly readTenant: ReadTenant;
  readonly log: Log;
};

export async function tenantOfRenewal(deps: Pick<RenewalDeps, 'readTenant'>, tenant: string): Promise<Tenant> {
  const found = await deps.readTenant(tenant);
  if (found === undefined) throw new RenewalStopped(`there is no tenant "${tenant}"`);
  return found;
}
