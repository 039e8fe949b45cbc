import { absent, any, equal } from '../licensing/clause.ts';
import type { Table } from '../platform/ports/table.ts';
import { renewalLockKey } from '../store/keys.ts';

/**
 * Takes the lock of the tenant's one running renewal (R42). It is idempotent for the same renewal. Returns the id of
 * the renewal that holds the lock if that is another one.
 */
export async function takeLock(
  table: Table,
  tenantId: string,
  renewalId: string,
): Promise<{ readonly taken: true } | { readonly running: string }> {
  const put = { ...renewalLockKey(tenantId), renewalId };
  const answer = await table.write([{ put, onlyIf: [any(absent('pk'), equal('renewalId', renewalId))] }]);
  if (answer.done) return { taken: true };
  const [refusal] = answer.refusals;
  const holder = refusal?.because === 'condition' ? refusal.item : await table.get(renewalLockKey(tenantId));
  return { running: `${holder?.['renewalId'] ?? 'another'}` };
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
