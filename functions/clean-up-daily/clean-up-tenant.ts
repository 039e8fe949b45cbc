import { NAMED } from '../../shared/licensing/advice/expiry-digest.ts';
import { equal } from '../../shared/licensing/clause.ts';
import { dayAfter } from '../../shared/licensing/cleanup-time.ts';
import { Z_OLD } from '../../shared/licensing/folder-tree.ts';
import { type License, lifecycleState } from '../../shared/licensing/license/license.ts';
import { transition } from '../../shared/licensing/license/lifecycle.ts';
import { isLeftInZOld } from '../../shared/licensing/renewal/renewal-row.ts';
import type { Tenant } from '../../shared/licensing/tenant/tenant.ts';
import type { Day } from '../../shared/licensing/time.ts';
import type { Table } from '../../shared/platform/ports/table.ts';
import type { RenewalDeps } from '../../shared/renewals/deps.ts';
import { readExpiring } from '../../shared/renewals/plan-inputs.ts';
import { findRenewal, readRows } from '../../shared/renewals/read-renewal.ts';
import { runningRenewal } from '../../shared/renewals/renewal-lock.ts';
import { licenseChangeWrites } from '../../shared/store/change-licenses.ts';
import type { StuckCleanup } from '../../shared/store/cleanup-mark.ts';
import { licenseOf } from '../../shared/store/items.ts';
import { licenseKey, partitions, vacancyKey } from '../../shared/store/keys.ts';
import { readKeys } from '../../shared/store/paging.ts';
import { mayHaveVacancy } from '../../shared/store/write-license.ts';

export type CleanedTenant = {
  readonly deleted: number;
  readonly stillInUse: number;
  readonly vacancies: number;
  /** Lists the licenses that stay in zOld too long because somebody still uses them (R39), whoever set them aside. */
  readonly stuck?: StuckCleanup;
};

/**
 * Deletes the licenses that were set aside by hand before today and that nobody has or uses, and removes the vacancies
 * of expired licenses (R43). A renewal that is not over deletes its own licenses itself. Each write has the condition
 * that the license is as it was read; a license that was changed in between is looked at again the next day.
 */
export async function cleanUpTenant(deps: RenewalDeps, tenant: Tenant, today: Day): Promise<CleanedTenant> {
  const { table, log } = deps;
  const { setAsideWarningDays } = tenant.settings;
  const renewals = await serialsOfRenewal(table, tenant.tenantId);
  const zOld = await readZOld(table, tenant.tenantId);
  const beforeToday = zOld.filter(({ setAsideOn }) => setAsideOn !== undefined && setAsideOn < today);
  const old = beforeToday.filter(({ serialNumber }) => !renewals.has(serialNumber));
  let deleted = 0;
  for (const license of old) {
    if (lifecycleState(license) === 'set-aside' && (await deleteLicense(deps, license, today))) deleted += 1;
  }
  const stuck = stuckIn(beforeToday, dayAfter(today, -setAsideWarningDays));
  const stillInUse = stuck?.licenses ?? 0;
  if (stillInUse > 0) log('set-aside-still-in-use', { tenant: tenant.tenantId, stillInUse });
  const counts = { deleted, stillInUse, vacancies: await removeVacancies(table, tenant.tenantId, today) };
  return stuck === undefined ? counts : { ...counts, stuck };
}

/** Returns the licenses that were set aside on `longAgo` or before and are still in use. */
function stuckIn(setAside: readonly License[], longAgo: Day): StuckCleanup | undefined {
  const stuck = setAside.flatMap(({ serialNumber, currentUser, setAsideOn }) =>
    currentUser === undefined || setAsideOn === undefined || setAsideOn > longAgo ? [] : { serialNumber, setAsideOn },
  );
  const [first] = stuck.map(({ setAsideOn }) => setAsideOn).toSorted();
  if (first === undefined) return undefined;
  const serialNumbers = stuck.slice(0, NAMED).map(({ serialNumber }) => serialNumber);
  return { licenses: stuck.length, serialNumbers, since: first };
}

async function deleteLicense({ table, clock }: RenewalDeps, license: License, today: Day): Promise<boolean> {
  const change = { actor: 'clean-up-daily', cause: 'daily cleanup', at: clock.now() };
  const after = transition(license, { event: 'delete', today, at: change.at }, change);
  if ('refused' in after) return false;
  const writes = await licenseChangeWrites(table, [{ before: license, after: after.license }], today);
  return writes !== undefined && (await table.write(writes)).done;
}

async function readZOld(table: Table, tenantId: string): Promise<readonly License[]> {
  const keys = await readKeys(table, 'by-folder', { partition: partitions.licensesOfFolder(tenantId, Z_OLD) });
  const items = await table.getMany(keys);
  return items
    .flatMap((item) => (item === undefined ? [] : [licenseOf(item)]))
    .filter(({ folderId }) => folderId === Z_OLD);
}

/**
 * Returns what the tenant's unfinished renewal has set aside. A license that it sets aside after this read bears
 * today's date.
 */
async function serialsOfRenewal(table: Table, tenantId: string): Promise<ReadonlySet<string>> {
  const renewalId = await runningRenewal(table, tenantId);
  const renewal = renewalId === undefined ? undefined : await findRenewal(table, tenantId, renewalId);
  if (renewal === undefined) return new Set();
  const rows = await readRows(table, renewal);
  return new Set(rows.flatMap(({ row }) => (isLeftInZOld(row) ? (row.old?.serialNumber ?? []) : [])));
}

/** A login skips the vacancy of an expired license; the cleanup deletes it. */
async function removeVacancies(table: Table, tenantId: string, today: Day): Promise<number> {
  const expired = (await readExpiring(table, tenantId, dayAfter(today, -1))).filter(mayHaveVacancy);
  const vacancies = await table.getMany(expired.map(vacancyKey));
  let removed = 0;
  for (const [position, license] of expired.entries()) {
    if (vacancies[position] === undefined) continue;
    const { done } = await table.write([
      { delete: vacancyKey(license) },
      { check: licenseKey(tenantId, license.serialNumber), onlyIf: [equal('version', license.version)] },
    ]);
    if (done) removed += 1;
  }
  return removed;
}
