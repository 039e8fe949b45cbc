import type { TenantSettings } from '../../licensing/tenant/tenant.ts';
import type { Key } from '../../platform/ports/table.ts';
import { tenantOf } from '../../store/items.ts';
import { IDLE_SHARDS, idleShard, partitions, tenantKey, tenantOfKey, userCardKey } from '../../store/keys.ts';
import { walkKeys } from '../../store/paging.ts';
import type { SessionDeps } from './deps.ts';
import { endIdle, NOTHING_SWEPT, type Swept } from './end-idle.ts';
import { applyShortenedIdleTime } from './shortened-idle-time.ts';

const PAGE = 100;

/** How many licenses a login takes back from idle sessions, when none is free, before it is denied (R26). */
export const TAKEN_BACK_AT_LOGIN = 5;

/** The most index entries that such a login reads. */
export const LOOKED_THROUGH_AT_LOGIN = 500;

/**
 * Ends all sessions of all tenants that have been idle for their tenant's idle time (R26). The index only proposes
 * cards; each card is read and written as if its user logged out. Two concurrent runs are safe. A card that cannot be
 * ended, or a tenant that cannot be read, does not delay the others. Their errors are thrown at the end, once for each
 * of them.
 */
export async function endIdleSessions(deps: SessionDeps): Promise<Swept> {
  const total = { ended: 0, freed: 0 };
  const failures: unknown[] = [];
  const unreadable = new Set<string>();
  for (let shard = 0; shard < IDLE_SHARDS; shard += 1) {
    for await (const key of idleCandidates(deps, shard)) {
      const name = tenantOfKey(key);
      if (unreadable.has(name)) continue;
      try {
        const swept = await sweep(deps, key, () => unreadable.add(name));
        total.ended += swept.ended;
        total.freed += swept.freed;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} user cards or tenants could not be swept`);
  }
  return total;
}

/** Handles an entry of the index: a card with open sessions, or a tenant whose idle time was made shorter. */
async function sweep(deps: SessionDeps, key: Key, onUnreadable: () => void): Promise<Swept> {
  const reading = isTenant(key) ? deps.table.get(key).then((item) => item && tenantOf(item)) : undefined;
  const tenant = await (reading ?? deps.readTenant(tenantOfKey(key))).catch((error: unknown) => {
    onUnreadable();
    throw error;
  });
  if (tenant === undefined) return NOTHING_SWEPT;
  if (isTenant(key)) return applyShortenedIdleTime(deps, tenant);
  const ended = await endIdle(deps, tenant.settings, await deps.table.get(key));
  return ended.kind === 'swept' ? ended.swept : NOTHING_SWEPT;
}

function isTenant({ sk }: Key): boolean {
  return sk === tenantKey('').sk;
}

/** Takes back up to five licenses of a tenant from idle sessions. Returns how many of them are free now. */
export async function takeBackIdle(deps: SessionDeps, tenantId: string, settings: TenantSettings): Promise<number> {
  let freed = 0;
  let lookedThrough = 0;
  for await (const key of idleCandidates(deps, idleShard(tenantId))) {
    lookedThrough += 1;
    if (lookedThrough > LOOKED_THROUGH_AT_LOGIN) break;
    if (!key.pk.startsWith(userCardKey(tenantId, '').pk)) continue;
    freed += (await takeBack(deps, settings, key)) ? 1 : 0;
    if (freed === TAKEN_BACK_AT_LOGIN) break;
  }
  return freed;
}

/**
 * Returns whether the license is free now. An error in somebody else's card does not fail this login: the sweep reports
 * it. If the table itself fails, the next read of the login reports it.
 */
async function takeBack(deps: SessionDeps, settings: TenantSettings, key: Key): Promise<boolean> {
  try {
    const ended = await endIdle(deps, settings, await deps.table.get(key));
    return ended.kind === 'swept' && ended.swept.freed > 0;
  } catch {
    return false;
  }
}

/** Returns the keys of a shard's cards whose deadline has passed according to the index. */
async function* idleCandidates({ table, clock }: SessionDeps, shard: number): AsyncGenerator<Key> {
  const range = { partition: partitions.idle(shard), to: clock.now(), limit: PAGE };
  for await (const keys of walkKeys(table, 'by-idle-deadline', range)) yield* keys;
}
