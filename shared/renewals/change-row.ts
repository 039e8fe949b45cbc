import type { RenewalRow, RowChange, RowFacts, RowLicenses } from '../licensing/renewal/renewal-row.ts';
import type { TenantSettings } from '../licensing/tenant/tenant.ts';
import { dayIn } from '../licensing/time.ts';
import type { Table } from '../platform/ports/table.ts';
import { untilAnswered } from '../platform/retry.ts';
import { licenseChangeWrites } from '../store/change-licenses.ts';
import { readLicense } from '../store/read-license.ts';
import type { RenewalDeps } from './deps.ts';
import { type IndexedRow, readRow } from './read-renewal.ts';
import { type Renewal, rowWrites } from './renewal.ts';

/**
 * Takes one row one step further, in one transaction with its licenses, vacancies and cards, from what is read now. If
 * one of them has changed concurrently, it decides again. A second run finds nothing left to do (R40).
 */
export async function changeRow(
  deps: RenewalDeps,
  { timeZone }: TenantSettings,
  renewal: Renewal,
  { index, row: known }: IndexedRow,
  step: {
    readonly actor: string;
    readonly decide: (row: RenewalRow, licenses: RowLicenses, facts: RowFacts) => RowChange;
  },
): Promise<void> {
  const { table, clock } = deps;
  const { renewalId, mode, expiringOnOrBefore, importId } = renewal;
  let read: RenewalRow | undefined = known;
  let removedUser: string | undefined;
  await untilAnswered(deps, async () => {
    const row = read ?? (await readRow(table, renewal, index));
    read = undefined;
    if (row === undefined) throw new Error(`the renewal has no row ${index}`);
    const licenses = await licensesOf(table, renewal.tenant, row);
    const now = clock.now();
    const today = dayIn(timeZone, now);
    const change = { actor: step.actor, cause: `renewal ${renewalId}`, at: now };
    const decided = step.decide(row, licenses, {
      renewalId,
      mode,
      expiringOnOrBefore,
      importId,
      today,
      change,
      removedUser,
    });
    if (decided.row === row) return 'nothing left to do';

    const writes = await licenseChangeWrites(table, decided.licenses, today);
    if (writes === undefined) {
      removedUser = decided.licenses.find((one) => one.after.assignedTo !== one.before.assignedTo)?.after.assignedTo;
      return undefined;
    }
    const answer = await table.write([...rowWrites(renewal, index, decided.row, row), ...writes]);
    return answer.done ? 'done' : undefined;
  });
}

async function licensesOf(table: Table, tenantId: string, row: RenewalRow): Promise<RowLicenses> {
  const read = (side: { readonly serialNumber: string } | undefined) =>
    side === undefined ? undefined : readLicense(table, tenantId, side.serialNumber);
  const [old, replacement] = await Promise.all([read(row.old), read(row.new)]);
  return { old, new: replacement };
}
