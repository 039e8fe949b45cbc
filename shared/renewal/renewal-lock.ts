import { absent, any, equal } from '../licensing/clause.ts';
import { RenewalStopped } from '../runtime/errors.ts';
import { renewalLockKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';

/** Makes this renewal the one of its tenant (R42); again for the same renewal is no error. Throws `RenewalStopped`, naming the other. */
export async function takeLock(table: Table, tenant: string, renewalId: string): Promise<void> {
  const put = { ...renewalLockKey(tenant), renewalId };
  const answer = await table.write([{ put, onlyIf: [any(absent('pk'), equal('renewalId', renewalId))] }]);
  if (answer.done) return;
  const [refusal] = answer.refusals;
  const other = refusal?.because === 'condition' ? refusal.item?.['renewalId'] : 'another';
  throw new RenewalStopped(`renewal-running: renewal ${other} of this tenant is not finished`);
}

/** Lets the tenant's next renewal run; no error when another has the lock already. */
export async function releaseLock(table: Table, tenant: string, renewalId: string): Promise<void> {
  await table.write([{ delete: renewalLockKey(tenant), onlyIf: [equal('renewalId', renewalId)] }]);
}
