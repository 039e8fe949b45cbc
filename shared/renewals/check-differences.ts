import { type Difference, differencesOf } from '../licensing/renewal/renewal-differences.ts';
import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import type { Table } from '../platform/ports/table.ts';
import { userCardKey } from '../store/keys.ts';
import { foundCard } from '../store/read-user-card.ts';
import { bySerialNumber, readBySerialNumber, readExpiring } from './plan-inputs.ts';
import { expiringBy, type Renewal } from './renewal.ts';

/**
 * Returns what has changed since the renewal was planned (R35). Reads everything that the plan names with strong
 * consistency.
 */
export async function differencesSince(
  table: Table,
  renewal: Renewal,
  rows: readonly RenewalRow[],
  isSameUpload: boolean,
): Promise<readonly Difference[]> {
  const { tenant, expiringOnOrBefore } = renewal;
  const serials = rows.flatMap(({ old, new: replacement }) =>
    [old, replacement].flatMap((one) => one?.serialNumber ?? []),
  );
  const holders = [...new Set(rows.flatMap(({ old }) => old?.assignedTo ?? []))];
  const [named, expiring, cards] = await Promise.all([
    readBySerialNumber(table, tenant, serials),
    expiringOnOrBefore === undefined ? [] : readExpiring(table, tenant, expiringOnOrBefore),
    table.getMany(holders.map((user) => userCardKey(tenant, user))),
  ]);
  const planned = rows.flatMap((row) =>
    row.outcome === 'set-aside' || row.outcome === 'undone' || row.outcome === 'skipped'
      ? []
      : [{ ...row, outcome: row.outcome }],
  );
  return differencesOf(planned, expiringBy(renewal, rows), {
    licenses: bySerialNumber([...expiring, ...named]),
    users: new Set(cards.flatMap((item) => foundCard(item).card?.user ?? [])),
    isSameUpload,
  });
}
