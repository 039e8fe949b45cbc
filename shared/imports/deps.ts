import type { Clock } from '../platform/clock.ts';
import type { KeyedHash } from '../platform/keyed-hash.ts';
import type { Log } from '../platform/log.ts';
import type { Objects } from '../platform/ports/objects.ts';
import type { Table } from '../platform/ports/table.ts';
import type { Random } from '../platform/random.ts';
import type { ReadTenant } from '../store/read-tenant.ts';

/** The dependencies of an import. */
export type ImportDeps = {
  readonly table: Table;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Hashes the uploader's name for the report. */
  readonly keyedHash: KeyedHash;
  /** Without a cache, so that a folder or a customer that was added just before the upload counts. */
  readonly readTenant: ReadTenant;
  /** The most licenses written per second. If absent, `LICENSES_PER_SECOND`. */
  readonly licensesPerSecond?: number;
};
