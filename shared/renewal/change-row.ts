import type { Change } from '../licensing/license.ts';
import type { RenewalRow, RowChange, RowLicenses } from '../licensing/renewal-row.ts';
import type { TenantSettings } from '../licensing/tenant.ts';
import { type Day, dayIn } from '../licensing/time.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { licenseChangeWrites } from '../store/change-licenses.ts';
import { licenseOf } from '../store/items.ts';
import { licenseKey, renewalRowKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { RenewalDeps } from './deps.ts';
import { type Renewal, rowOf, rowWrite } from './renewal.ts';

/**
 * Takes one row a step further: row, licenses, vacancies and cards in one transaction, from what is read now. Refused
 * when one of them changed meanwhile, and then decided again; a second run finds nothing left to do (R40).
 */
export async function changeRow(
  deps: RenewalDeps,
  { timeZone }: TenantSettings,
  renewal: Renewal,
  index: number,
  step: {
    readonly actor: string;
    readonly decide: (row: RenewalRow, licenses: RowLicenses, today: Day, change: Change) => RowChange;
  },
): Promise<void> {
  const { table, clock } = deps;
  await untilAnswered(deps, async () => {
    const item = await table.get(renewalRowKey(renewal.tenant, renewal.renewalId, renewal.planId, index));
    if (item === undefined) throw new Error(`the renewal has no row ${index}`);
    const row = rowOf(item);
    const now = clock.now();
    const today = dayIn(timeZone, now);
    const change = { actor: step.actor, cause: `renewal ${renewal.renewalId}`, at: now };
    const decided = step.decide(row, await licensesOf(table, renewal.tenant, row), today, change);
    if (decided.row === row) return 'nothing left to do';

    const licenses = await licenseChangeWrites(table, decided.licenses, today);
    const answer = await table.write([rowWrite(renewal, index, decided.row, row), ...licenses]);
    return answer.done ? 'done' : undefined;
  });
}

async function licensesOf(table: Table, tenant: string, row: RenewalRow): Promise<RowLicenses> {
  const read = async (side: { readonly serialNumber: string } | undefined) => {
    const item = side === undefined ? undefined : await table.get(licenseKey(tenant, side.serialNumber));
    return item === undefined ? undefined : licenseOf(item);
  };
  const [old, replacement] = await Promise.all([read(row.old), read(row.new)]);
  return { old, new: replacement };
}
