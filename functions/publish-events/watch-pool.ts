import { folderAt } from '../../shared/licensing/folder-tree.ts';
import { type Pool, poolNotice } from '../../shared/licensing/license/pool.ts';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import { termPhase } from '../../shared/licensing/term.ts';
import { dayIn } from '../../shared/licensing/time.ts';
import type { Clock } from '../../shared/platform/clock.ts';
import { TryAgain } from '../../shared/platform/errors.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import { vacancyOf } from '../../shared/store/items.ts';
import { vacancyPartition, vacancyPrefix } from '../../shared/store/keys.ts';
import { walkPartition } from '../../shared/store/paging.ts';
import { poolNoticeWrite, readPoolNotice } from '../../shared/store/pool-notice.ts';

/** How many vacancies of a pool with a threshold are counted. */
const MOST_COUNTED = 1_000;

/** How many vacancies of any other pool are read. For such a pool it only matters whether it is empty. */
const SAMPLE = 25;

export type PoolLevel = Pool & { readonly folder: string; readonly free: number };

/**
 * Counts what is left in a pool from which a license was just taken, and stores a note when it is low or exhausted. The
 * note is an item whose own change becomes the event, so the event is published even if this process dies now. Returns
 * the level of a pool with a threshold. Throws `TryAgain` when another process wrote a note at the same time.
 */
export async function watchPool(
  { table, clock }: { readonly table: Table; readonly clock: Clock },
  { settings, folders }: Tenant,
  pool: Pool,
): Promise<PoolLevel | undefined> {
  const at = clock.now();
  const today = dayIn(settings.timeZone, at);
  const watched = settings.poolThresholds?.find(
    ({ folder, type, access }) =>
      folderAt(folders, folder) === pool.folderId && type === pool.type && access === pool.access,
  );
  const free = await countFree(table, pool, today, watched === undefined ? SAMPLE : MOST_COUNTED);

  const known = await readPoolNotice(table, pool);
  const seen = { free, threshold: watched?.free, today };
  const notice = poolNotice(known, pool, seen, { actor: 'publish-events', cause: 'license taken', at });
  if (notice !== undefined && !(await table.write([poolNoticeWrite(notice, known)])).done) {
    throw new TryAgain('another process wrote a notice about the pool');
  }
  return watched === undefined ? undefined : { ...pool, folder: watched.folder, free };
}

/** Counts the vacancies within their term, and reads on only while it has found none. */
async function countFree(table: Table, pool: Pool, today: string, limit: number): Promise<number> {
  const pk = vacancyPartition(pool.tenant, pool.folderId);
  const prefix = vacancyPrefix(pool.access, pool.type);
  for await (const items of walkPartition(table, { pk, from: prefix, to: `${prefix}~`, limit })) {
    const free = items.filter((item) => termPhase(vacancyOf(item), today) === 'valid').length;
    if (free > 0) return free;
  }
  return 0;
}
