import { isLeftToItsUser, setAsideExpiredRow } from '../../shared/licensing/renewal/renewal-row.ts';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import type { Day } from '../../shared/licensing/time.ts';
import { changeRow } from '../../shared/renewals/change-row.ts';
import type { RenewalDeps } from '../../shared/renewals/deps.ts';
import { noteProgress } from '../../shared/renewals/note-progress.ts';
import { type IndexedRow, readRows } from '../../shared/renewals/read-renewal.ts';
import { type Renewal, renewalOf } from '../../shared/renewals/renewal.ts';
import { partitions } from '../../shared/store/keys.ts';
import { readKeys } from '../../shared/store/paging.ts';

/** Lists the renewals whose rows may have been switched and are not undone. */
const SWITCHING: readonly Renewal['status'][] = ['waiting-for-term', 'waiting-for-cleanup', 'finished'];

/**
 * Sets aside the licenses without a replacement whose last day is over (R37), for the tenant's renewals that run or
 * have finished. A finished renewal without such a license is not read again. Returns how many rows it read. It can be
 * interrupted and repeated.
 */
export async function setAsideExpired(deps: RenewalDeps, tenant: Tenant, today: Day): Promise<number> {
  const { table, clock } = deps;
  const keys = await readKeys(table, 'by-tenant', { partition: partitions.renewalsOfTenant(tenant.tenantId) });
  const renewals = (await table.getMany(keys)).flatMap((item) => (item === undefined ? [] : [renewalOf(item)]));
  let handled = 0;
  for (const renewal of renewals.filter(mayHaveShortfall)) {
    const left = (await readRows(table, renewal)).filter(({ row }) => isLeftToItsUser(row));
    const due = left.filter(({ row }) => row.old !== undefined && row.old.expiresOn < today);
    for (const row of due) await setAside(deps, tenant, renewal, row);
    handled += due.length;
    if (left.length > due.length || renewal.status !== 'finished') continue;
    await noteProgress(table, renewal, { shortfallOverAt: clock.now() }, ['finished']);
  }
  return handled;
}

function mayHaveShortfall({ status, approved, shortfallOverAt }: Renewal): boolean {
  return SWITCHING.includes(status) && (approved?.acceptedShortfall ?? 0) > 0 && shortfallOverAt === undefined;
}

function setAside(deps: RenewalDeps, { settings }: Tenant, renewal: Renewal, row: IndexedRow): Promise<void> {
  return changeRow(deps, settings, renewal, row, { actor: 'clean-up-daily', decide: setAsideExpiredRow });
}
