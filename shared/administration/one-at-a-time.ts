import { absent, any, atMost, equal } from '../licensing/clause.ts';
import { type Instant, plus } from '../licensing/time.ts';
import type { Clock } from '../platform/clock.ts';
import type { Table } from '../platform/ports/table.ts';
import { type Random, randomText } from '../platform/random.ts';
import { readLockKey } from '../store/keys.ts';
import type { TenantContext } from './deps.ts';
import { type Refusal, refused } from './refusal.ts';

/** How long a refused caller waits, in seconds. Most of these reads are over by then, as most tenants are small. */
const RETRY_AFTER = 1;

type Run<Request, Rest extends readonly unknown[]> = (
  context: TenantContext,
  request: Request,
  ...rest: Rest
) => object | Promise<object>;

/**
 * Lets only one of the commands that read a whole tenant run at a time for each tenant. So one tenant cannot use up the
 * executions of the function. The lock of a process that died expires when that process could no longer run.
 */
export function oneAtATime<Request, Rest extends readonly unknown[]>(run: Run<Request, Rest>): Run<Request, Rest> {
  return async (context, request, ...rest) => {
    const { tenantId } = context.tenant;
    const holder = await takeReadLock(context, tenantId, context.longestCall);
    if (holder === undefined) return busy();
    try {
      return await run(context, request, ...rest);
    } finally {
      await releaseReadLock(context.table, tenantId, holder);
    }
  };
}

type LockDeps = { readonly table: Table; readonly clock: Clock; readonly random: Random };

/** Takes the lock for some milliseconds. Returns the name of its holder, or undefined while another call holds it. */
async function takeReadLock(
  { table, clock, random }: LockDeps,
  tenantId: string,
  milliseconds: number,
): Promise<string | undefined> {
  const now: Instant = clock.now();
  const holder = `${now} ${randomText(random, 16)}`;
  const put = { ...readLockKey(tenantId), holder, until: plus(now, milliseconds) };
  const { done } = await table.write([{ put, onlyIf: [any(absent('pk'), atMost('until', now))] }]);
  return done ? holder : undefined;
}

/** Releases the lock. It is not an error when it has expired and another call holds it. */
async function releaseReadLock(table: Table, tenantId: string, holder: string): Promise<void> {
  await table.write([{ delete: readLockKey(tenantId), onlyIf: [equal('holder', holder)] }]);
}

function busy(): Refusal {
  const message = 'The service is reading all data of this tenant for another call. Try again in a second.';
  return refused('busy', message, { retryAfter: RETRY_AFTER });
}
