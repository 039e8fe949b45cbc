import type { Clock } from '../platform/clock.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Log } from '../platform/log.ts';
import type { Objects } from '../platform/ports/objects.ts';
import type { Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import type { ReadTenant } from '../store/read-tenant.ts';

/** What an import needs. */
export type ImportDeps = {
  readonly table: Table;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** For what stands for the uploader in the report. */
  readonly keyedHash: KeyedHash;
  /** Not from a cache: a folder or a customer added just before the upload counts. */
  readonly readTenant: ReadTenant;
  /** The most licenses written per second; absent: `LICENSES_PER_SECOND`. */
  readonly licensesPerSecond?: number;
};
