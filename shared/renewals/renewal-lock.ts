import { absent, any, equal } from '../licensing/clause.ts';
import type { Table } from '../platform/ports/table.ts';
import { renewalLockKey } from '../store/keys.ts';

/** Makes this renewal the one of its tenant (R42); again for the same renewal is no error. Or the id of the one that has it. */
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

/** Lets the tenant's next renewal run; no error when another has the lock already. */
export async function releaseLock(table: Table, tenantId: string, renewalId: string): Promise<void> {
  await table.write([{ delete: renewalLockKey(tenantId), onlyIf: [equal('renewalId', renewalId)] }]);
}
