import { absent, any, equal } from '../licensing/clause.ts';
import type { Table, Write } from '../platform/ports/table.ts';
import { renewalKey, renewalLockKey } from '../store/keys.ts';
import type { Renewal } from './renewal.ts';

export type Locking =
  | { readonly kind: 'taken' }
  /** Another renewal holds the lock. */
  | { readonly kind: 'held'; readonly by: string }
  /** The renewal is no longer as it was read, or the write was in conflict with another one. */
  | { readonly kind: 'changed' };

/**
 * Takes the lock of the tenant's one running renewal (R42), if the renewal is still as it was read: one that was undone
 * meanwhile would never release it. It is idempotent for the same renewal.
 */
export async function takeLock(
  table: Table,
  { tenant, renewalId, planId, status }: Pick<Renewal, 'tenant' | 'renewalId' | 'planId' | 'status'>,
): Promise<Locking> {
  const put = { ...renewalLockKey(tenant), renewalId };
  const answer = await table.write([
    { put, onlyIf: [any(absent('pk'), equal('renewalId', renewalId))] },
    { check: renewalKey(tenant, renewalId), onlyIf: [equal('planId', planId), equal('status', status)] },
  ]);
  if (answer.done) return { kind: 'taken' };
  const [refusal] = answer.refusals;
  if (refusal?.because !== 'condition') return { kind: 'changed' };
  return { kind: 'held', by: `${refusal.item?.['renewalId']}` };
}

/** Returns the write that is refused while a renewal of the tenant is not over. */
export function noRenewalRuns(tenantId: string): Write {
  return { check: renewalLockKey(tenantId), onlyIf: [absent('pk')] };
}

/** Returns the tenant's unfinished renewal; undefined when every renewal is over. */
export async function runningRenewal(table: Table, tenantId: string): Promise<string | undefined> {
  const item = await table.get(renewalLockKey(tenantId));
  return item === undefined ? undefined : `${item['renewalId']}`;
}

/** Releases the lock. It is not an error when another renewal holds it. */
export async function releaseLock(table: Table, tenantId: string, renewalId: string): Promise<void> {
  await table.write([{ delete: renewalLockKey(tenantId), onlyIf: [equal('renewalId', renewalId)] }]);
}
