import { equal } from '../../licensing/clause.ts';
import type { Tenant } from '../../licensing/tenant/tenant.ts';
import type { Item, Table } from '../../platform/ports/table.ts';
import { idleShard, partitions, tenantKey, userCardKey } from '../../store/keys.ts';
import { walkKeys } from '../../store/paging.ts';
import type { SessionDeps } from './deps.ts';
import { type EndedIdle, endIdle, type Swept } from './end-idle.ts';

const PAGE = 100;

/**
 * How often a card is read again when its user is active at the same time. The next run, a minute later, handles what
 * is left.
 */
const TRIES = 3;

/**
 * Applies a shortened idle time: goes through the tenant's cards with open sessions, which the index lists by the
 * former time, ends the idle ones, and moves the others to their new place. Then the tenant leaves the index, unless
 * its idle time was shortened once more. It can be interrupted and repeated at any moment: the tenant stays listed
 * until every card is done.
 */
export async function applyShortenedIdleTime(deps: SessionDeps, tenant: Tenant): Promise<Swept> {
  const total = { ended: 0, freed: 0 };
  const failures: unknown[] = [];
  let left = 0;
  for await (const items of listedCards(deps, tenant.tenantId)) {
    for (const item of items) {
      try {
        const ended = await endIdleWithRetries(deps, tenant, item);
        if (ended.kind === 'changed') {
          left += 1;
        } else {
          total.ended += ended.swept.ended;
          total.freed += ended.swept.freed;
        }
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} user cards could not be swept`);
  if (left === 0) await leaveIndex(deps.table, tenant);
  return total;
}

async function endIdleWithRetries(deps: SessionDeps, tenant: Tenant, read: Item): Promise<EndedIdle> {
  const { pk, sk } = read;
  let ended = await endIdle(deps, tenant.settings, read);
  for (let tries = 1; tries < TRIES && ended.kind === 'changed'; tries += 1) {
    ended = await endIdle(deps, tenant.settings, await deps.table.get({ pk, sk }));
  }
  return ended;
}

/** Reads the tenant's cards that are due later than now according to the index, page by page. */
async function* listedCards({ table, clock }: SessionDeps, tenantId: string): AsyncGenerator<readonly Item[]> {
  const range = { partition: partitions.idle(idleShard(tenantId)), from: clock.now(), limit: PAGE };
  for await (const keys of walkKeys(table, 'by-idle-deadline', range)) {
    const own = keys.filter((key) => key.pk.startsWith(userCardKey(tenantId, '').pk));
    yield (await table.getMany(own)).flatMap((item) => item ?? []);
  }
}

async function leaveIndex(table: Table, { tenantId, idleShortenedAt }: Tenant): Promise<void> {
  if (idleShortenedAt === undefined) return;
  await table.write([
    {
      update: tenantKey(tenantId),
      remove: ['idleShortenedAt', 'idleKey', 'idleSort'],
      onlyIf: [equal('idleShortenedAt', idleShortenedAt)],
    },
  ]);
}
