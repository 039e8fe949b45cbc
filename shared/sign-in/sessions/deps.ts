import type { Clock } from '../../platform/clock.ts';
import type { Table } from '../../platform/ports/table.ts';
import type { Random } from '../../platform/random.ts';
import type { ReadTenant } from '../../store/read-tenant.ts';

/** The dependencies of every use case on users' sessions. */
export type SessionDeps = {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: Random;
  readonly readTenant: ReadTenant;
};
