import type { RenewalRow } from '../licensing/renewal-row.ts';
import { RenewalStopped } from '../runtime/errors.ts';
import { renewalKey, renewalRowKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import { BATCH, type Renewal, renewalOf, rowOf } from './renewal.ts';

export async function findRenewal(table: Table, tenant: string, renewalId: string): Promise<Renewal | undefined> {
  const item = await table.get(renewalKey(tenant, renewalId));
  return item === undefined ? undefined : renewalOf(item);
}

/** The stored renewal that a step works on: its input is ids only (F58). Throws `RenewalStopped` when there is none. */
export async function readRenewal(table: Table, tenant: string, renewalId: string): Promise<Renewal> {
  const renewal = await findRenewal(table, tenant, renewalId);
  if (renewal?.plannedAt === undefined)
    throw new RenewalStopped(`there is no renewal ${renewalId}: it has not been planned`);
  return renewal;
}

export type IndexedRow = { readonly index: number; readonly row: RenewalRow };

/** Rows `from` to below `to`, as far as there are any. */
export async function readRows(
  table: Table,
  { tenant, renewalId, planId }: Pick<Renewal, 'tenant' | 'renewalId' | 'planId'>,
  from: number,
  to: number,
): Promise<readonly IndexedRow[]> {
  if (to <= from) return [];
  const { pk, sk: last } = renewalRowKey(tenant, renewalId, planId, to - 1);
  const rows: IndexedRow[] = [];
  let next = renewalRowKey(tenant, renewalId, planId, from).sk;
  for (;;) {
    const page = await table.query({ pk, from: next, to: last });
    for (const item of page.items) rows.push({ index: from + rows.length, row: rowOf(item) });
    const end = page.items.at(-1);
    if (!page.more || end === undefined || end.sk === last) return rows;
    next = `${end.sk} `;
  }
}

/** The rows of one batch, from 0. */
export function readBatch(table: Table, renewal: Renewal, batch: number): Promise<readonly IndexedRow[]> {
  return readRows(table, renewal, batch * BATCH, Math.min((batch + 1) * BATCH, renewal.rows));
}

export type RenewalCounts = {
  readonly replaced: number;
  readonly extended: number;
  readonly shortfall: number;
  readonly leftOver: number;
  readonly deleted: number;
  readonly stillInUse: number;
};

export function countRows(rows: readonly IndexedRow[]): RenewalCounts {
  const count = (fits: (row: RenewalRow) => boolean): number => rows.filter(({ row }) => fits(row)).length;
  return {
    replaced: count((row) => row.outcome === 'replaced'),
    extended: count((row) => row.outcome === 'extended'),
    shortfall: count((row) => row.outcome === 'shortfall' || row.outcome === 'set-aside'),
    leftOver: count((row) => row.outcome === 'left-over'),
    deleted: count((row) => row.oldLicense === 'deleted'),
    stillInUse: count((row) => row.oldLicense === 'still-in-use'),
  };
}
