import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import type { ReadTenant } from '../store/read-tenant.ts';
import type { Table } from '../store/table.ts';

/** What every use case on users' sessions needs. */
export type SessionDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly readTenant: ReadTenant;
};
