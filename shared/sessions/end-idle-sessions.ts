import { equal } from '../licensing/clause.ts';
import type { TenantSettings } from '../licensing/tenant.ts';
import { idleDeadline, idleSessions, type UserCard } from '../licensing/user-card.ts';
import { idleAttributes } from '../store/items.ts';
import { IDLE_SHARDS, idleShard, partitions, userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import type { Key, Table } from '../store/table.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedSessions, endSessions } from './end-sessions.ts';

/** Who ends idle sessions, in the history. */
const ACTOR = 'end-idle-sessions';

const PAGE = 100;

/** How many licenses a login that finds none takes back from idle sessions before it is denied (R26). */
const TAKEN_BACK_AT_LOGIN = 5;

/** How many index entries such a login looks through at most. */
const LOOKED_THROUGH_AT_LOGIN = 500;

/**
 * Ends all sessions of all tenants that have been idle for their tenant's idle time (R26). The index only proposes; each
 * card is read and written as if by its user. Safe to run twice at once. A card that cannot be ended does not keep the
 * others waiting: what went wrong is thrown at the end.
 */
export async function endIdleSessions(deps: SessionDeps): Promise<{ readonly ended: number; readonly freed: number }> {
  const total = { ended: 0, freed: 0 };
  const failures: unknown[] = [];
  for (let shard = 0; shard < IDLE_SHARDS; shard += 1) {
    for await (const key of idleCandidates(deps, shard)) {
      try {
        const { card } = foundCard(await deps.table.get(key));
        const tenant = card === undefined ? undefined : await deps.readTenant(card.tenant);
        if (card === undefined || tenant === undefined) continue;
        const ended = await endIdle(deps, tenant.settings, card);
        total.ended += ended?.ended ?? 0;
        total.freed += ended?.nowFree ? 1 : 0;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} user cards could not be swept`);
  return total;
}

/** Takes back up to five licenses of a tenant from idle sessions; answers how many are free now. */
export async function takeBackIdle(deps: SessionDeps, tenant: string, settings: TenantSettings): Promise<number> {
  let freed = 0;
  let lookedThrough = 0;
  for await (const key of idleCandidates(deps, idleShard(tenant))) {
    lookedThrough += 1;
    if (lookedThrough > LOOKED_THROUGH_AT_LOGIN) break;
    if (!key.pk.startsWith(userCardKey(tenant, '').pk)) continue;
    freed += (await takeBack(deps, settings, key)) ? 1 : 0;
    if (freed === TAKEN_BACK_AT_LOGIN) break;
  }
  return freed;
}

/**
 * Whether a license is free now. Nobody's login fails for what is wrong with somebody else's card: the sweep tells of
 * it; and where the table itself fails, the login's next read says so.
 */
async function takeBack(deps: SessionDeps, settings: TenantSettings, key: Key): Promise<boolean> {
  try {
    const { card } = foundCard(await deps.table.get(key));
    const ended = card === undefined ? undefined : await endIdle(deps, settings, card);
    return ended?.nowFree === true;
  } catch {
    return false;
  }
}

/** Keys of a shard's cards whose deadline has passed, as the index says. */
async function* idleCandidates({ table, clock }: SessionDeps, shard: number): AsyncGenerator<Key> {
  const to = clock.now();
  let after: Key | undefined;
  do {
    const page = await table.list('by-idle-deadline', { partition: partitions.idle(shard), to, limit: PAGE, after });
    yield* page.keys;
    after = page.next;
  } while (after !== undefined);
}

/** Undefined when the user was active meanwhile. */
async function endIdle(
  deps: SessionDeps,
  settings: TenantSettings,
  card: UserCard,
): Promise<EndedSessions | undefined> {
  const now = deps.clock.now();
  const sessions = idleSessions(card.sessions, settings.idleTimeout, now);
  if (sessions.length === 0) {
    await correctDeadline(deps.table, settings, card);
    return undefined;
  }
  const change = { actor: ACTOR, cause: 'idle', at: now };
  return endSessions(deps, settings, card, { sessions, marks: [], at: now, by: 'idleness', change });
}

/** The tenant's idle time was made longer: the card is due later than its index entry says. */
async function correctDeadline(table: Table, settings: TenantSettings, card: UserCard): Promise<void> {
  const deadline = idleDeadline(card.sessions, settings.idleTimeout);
  if (deadline === undefined) return;
  await table.write([
    {
      update: userCardKey(card.tenant, card.user),
      set: Object.entries(idleAttributes(card, deadline)),
      onlyIf: [equal('sessions', card.sessions)],
    },
  ]);
}
