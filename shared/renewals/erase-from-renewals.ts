import { asRead, sameValue, type Value } from '../licensing/clause.ts';
import { TryAgain } from '../platform/errors.ts';
import type { Item, Table } from '../platform/ports/table.ts';
import { partitions, renewalKey } from '../store/keys.ts';
import { readKeys, walkPartition } from '../store/paging.ts';
import { renewalOf } from './renewal.ts';

export type ErasedFromRenewals = {
  /** How many renewals named the user. */
  readonly renewals: number;
  /**
   * The ids of renewals that are not over. They keep the name until then, because their steps and their undo need it.
   */
  readonly renewalsNotOver: readonly string[];
};

/**
 * Replaces a user by a pseudonym in the snapshots, rows and marks of the tenant's renewals that are over (R47). It can
 * be repeated. Throws `TryAgain` when another user is being erased from the same item.
 */
export async function eraseFromRenewals(
  table: Table,
  tenantId: string,
  user: string,
  pseudonym: string,
): Promise<ErasedFromRenewals> {
  const keys = await readKeys(table, 'by-tenant', { partition: partitions.renewalsOfTenant(tenantId) });
  const renewalsNotOver: string[] = [];
  let renewals = 0;
  for (const key of keys) {
    const item = await table.get(key);
    if (item === undefined) continue;
    const { renewalId, status } = renewalOf(item);
    const isOver = status === 'finished' || status === 'undone';
    if (!isOver) renewalsNotOver.push(renewalId);
    else if (await eraseFrom(table, renewalKey(tenantId, renewalId).pk, user, pseudonym)) renewals += 1;
  }
  return { renewals, renewalsNotOver };
}

/** Erases the user from the renewal itself, the pages of its plan and its rows: everything in its partition. */
async function eraseFrom(table: Table, pk: string, user: string, pseudonym: string): Promise<boolean> {
  let isNamed = false;
  for await (const items of walkPartition(table, { pk })) {
    for (const item of items) {
      const erased = renamed(item, user, pseudonym);
      if (sameValue(item, erased)) continue;
      isNamed = true;
      const changed = Object.keys(item).filter((name) => !sameValue(item[name], erased[name]));
      const onlyIf = changed.map((name) => asRead(name, item[name]));
      const { done } = await table.write([{ put: erased, onlyIf }]);
      if (!done) throw new TryAgain('another user is being erased from the same renewal');
    }
  }
  return isNamed;
}

/** The attributes that name a person, anywhere in a renewal. */
const NAMING: readonly string[] = ['user', 'assignedTo', 'currentUser', 'plannedBy', 'actor'];

function renamed(item: Item, user: string, pseudonym: string): Item {
  const other = (name: string, value: Value): Value => {
    if (typeof value === 'string') return NAMING.includes(name) && value === user ? pseudonym : value;
    if (Array.isArray(value)) return value.map((one) => other(name, one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, other(inner, one)]));
  };
  return { ...item, ...Object.fromEntries(Object.entries(item).map(([name, value]) => [name, other(name, value)])) };
}
