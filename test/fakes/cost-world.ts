import { expect } from 'vitest';
import type { Table } from '../../shared/platform/ports/table.ts';
import { cachedTenants, readTenant } from '../../shared/store/read-tenant.ts';
import { type Counts, countingTable } from './counting-table.ts';
import { aPool, users } from './storms.ts';
import { aUserCard, aWorld } from './world.ts';

/** A pool of floating licenses in the users' folder, and a process that has cached the tenant. */
export async function aCostWorld(table: Table, licenses: number, people: number) {
  const world = await aWorld({
    table,
    licenses: [...aPool(licenses, { folderId: 'finance' }, 'F'), ...aPool(3, {}, 'ROOT')],
    cards: users(people).map((user) => aUserCard({ user })),
  });
  const tenants = cachedTenants(readTenant(table), world.clock);
  await tenants('acme');

  /** One login, counted, by a process with the memory that is given. */
  const counted = async (user: string, memory: Pick<typeof world.deps, 'cardHints' | 'vacancyHints'>) => {
    const counting = countingTable(table);
    const { login } = world.elsewhere({ ...memory, table: counting.table, readTenant: tenants });
    const receipt = await login(user);
    expect(receipt).toMatchObject({ outcome: 'allocated', step: 'floating-in-folder', attempts: 1 });
    return counting.counts;
  };
  return { ...world, counted };
}

export const FOLDER_KNOWN = { calls: 4, rounds: 2 };
export const FOLDER_UNKNOWN = { calls: 4, rounds: 3 };

export function expectAtMost(counts: Counts, { calls, rounds }: { calls: number; rounds: number }): void {
  expect(counts.rounds).toBeLessThanOrEqual(rounds);
  expect(counts.calls).toBeLessThanOrEqual(calls);
}
