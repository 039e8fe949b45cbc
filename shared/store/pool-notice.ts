import * as z from 'zod/mini';
import { absent, asRead } from '../licensing/clause.ts';
import type { Pool, PoolNotice } from '../licensing/license/pool.ts';
import type { Item, Table, Write } from '../platform/ports/table.ts';
import { change, classShape } from './items.ts';
import { poolNoticeKey } from './keys.ts';

const poolNotice = z.object({
  tenant: z.string(),
  folderId: z.string(),
  access: classShape.access,
  type: classShape.type,
  free: z.number(),
  threshold: z.exactOptional(z.number()),
  lowOn: z.exactOptional(z.string()),
  exhaustedOn: z.exactOptional(z.string()),
  version: z.number(),
  change,
});

export function poolNoticeOf(item: Item): PoolNotice {
  return poolNotice.parse(item);
}

/** Reads the last notice about a pool. Returns undefined if no notice was stored. */
export async function readPoolNotice(table: Table, pool: Pool): Promise<PoolNotice | undefined> {
  const item = await table.get(poolNoticeKey(pool));
  return item === undefined ? undefined : poolNoticeOf(item);
}

/** Returns the write of a notice. It is refused when the pool's notice has changed since it was read. */
export function poolNoticeWrite(notice: PoolNotice, before: PoolNotice | undefined): Write {
  const asBefore = before === undefined ? absent('pk') : asRead('version', before.version);
  return { put: { ...notice, ...poolNoticeKey(notice) }, onlyIf: [asBefore] };
}
