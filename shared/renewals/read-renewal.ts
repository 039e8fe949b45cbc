import type { RenewalRow } from '../licensing/renewal/renewal-row.ts';
import { type RenewalTally, sumOf, tallyOf } from '../licensing/renewal/renewal-tally.ts';
import { RenewalStopped, RenewalUndone } from '../platform/errors.ts';
import type { Item, Key, Table } from '../platform/ports/table.ts';
import { renewalCounterKey, renewalKey, renewalPageKey, renewalRowKey } from '../store/keys.ts';
import { walkPartition } from '../store/paging.ts';
import {
  BATCH,
  COUNTERS,
  counterOf,
  PAGE,
  type PlanOf,
  type Renewal,
  renewalOf,
  rowOf,
  rowsOfPage,
} from './renewal.ts';

export async function findRenewal(table: Table, tenantId: string, renewalId: string): Promise<Renewal | undefined> {
  const item = await table.get(renewalKey(tenantId, renewalId));
  return item === undefined ? undefined : renewalOf(item);
}

/**
 * Reads the renewal of a step. The step's input has only ids (F58). Throws `RenewalStopped` when the renewal does not
 * exist.
 */
export async function readRenewal(table: Table, tenantId: string, renewalId: string): Promise<Renewal> {
  const renewal = await findRenewal(table, tenantId, renewalId);
  if (renewal === undefined) throw new RenewalStopped(`there is no renewal ${renewalId}: it has not been planned`);
  return renewal;
}

/**
 * Reads the renewal that a step takes further. Throws `RenewalUndone` when it was undone in between, and
 * `RenewalStopped` when it has not been started or was stopped, since the tenant's next renewal may be running.
 */
export async function readUnderWay(table: Table, tenantId: string, renewalId: string): Promise<Renewal> {
  const renewal = await readRenewal(table, tenantId, renewalId);
  switch (renewal.status) {
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'finished':
      return renewal;
    case 'undoing':
    case 'undone':
      throw new RenewalUndone(`renewal ${renewalId} was undone`);
    case 'planned':
    case 'approved':
    case 'stopped':
      throw new RenewalStopped(`renewal ${renewalId} is ${renewal.status}`);
  }
}

export type IndexedRow = { readonly index: number; readonly row: RenewalRow };

/** Reads the rows from `from` to below `to`, as planned, or as the steps have left them. */
export async function readRows(
  table: Table,
  renewal: PlanOf & Pick<Renewal, 'rows'>,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: renewal.rows },
): Promise<readonly IndexedRow[]> {
  const { tenant, renewalId, planId } = renewal;
  const end = Math.min(to, renewal.rows);
  if (end <= from) return [];
  const firstPage = Math.floor(from / PAGE);
  const [pages, touched] = await Promise.all([
    readAll(
      table,
      renewalPageKey(tenant, renewalId, planId, firstPage),
      renewalPageKey(tenant, renewalId, planId, Math.floor((end - 1) / PAGE)),
    ),
    readAll(table, renewalRowKey(tenant, renewalId, planId, from), renewalRowKey(tenant, renewalId, planId, end - 1)),
  ]);
  const bySortKey = new Map(touched.map((item) => [item.sk, item]));
  return pages
    .flatMap(rowsOfPage)
    .map((planned, position) => {
      const index = firstPage * PAGE + position;
      const item = bySortKey.get(renewalRowKey(tenant, renewalId, planId, index).sk);
      return { index, row: item === undefined ? planned : rowOf(item) };
    })
    .filter(({ index }) => index >= from && index < end);
}

/** Reads one row as it is now. Returns undefined when the plan has no such row. */
export async function readRow(table: Table, renewal: PlanOf, index: number): Promise<RenewalRow | undefined> {
  const { tenant, renewalId, planId } = renewal;
  const item = await table.get(renewalRowKey(tenant, renewalId, planId, index));
  if (item !== undefined) return rowOf(item);
  const page = await table.get(renewalPageKey(tenant, renewalId, planId, Math.floor(index / PAGE)));
  return page === undefined ? undefined : rowsOfPage(page)[index % PAGE];
}

async function readAll(table: Table, first: Key, last: Key): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const items of walkPartition(table, { pk: first.pk, from: first.sk, to: last.sk })) all.push(...items);
  return all;
}

/** A part of a renewal's rows, from `from` to below `to`. */
export type Range = { readonly from: number; readonly to: number };

/**
 * Returns ranges of rows, in order. Each holds at most one batch of the rows that fit. Rows between the ranges do not
 * fit.
 */
export function batchesOf(rows: readonly IndexedRow[], fits: (row: RenewalRow) => boolean): readonly Range[] {
  const indexes = rows.flatMap(({ index, row }) => (fits(row) ? [index] : []));
  const batches: Range[] = [];
  for (let start = 0; start < indexes.length; start += BATCH) {
    const some = indexes.slice(start, start + BATCH);
    batches.push({ from: some[0] ?? 0, to: (some.at(-1) ?? 0) + 1 });
  }
  return batches;
}

export type RenewalCounts = Pick<
  RenewalTally,
  'replaced' | 'extended' | 'shortfall' | 'leftOver' | 'deleted' | 'stillInUse'
>;

export function countsOf({
  replaced,
  extended,
  shortfall,
  leftOver,
  deleted,
  stillInUse,
}: RenewalTally): RenewalCounts {
  return { replaced, extended, shortfall, leftOver, deleted, stillInUse };
}

/** The progress of each phase. `inZOld` counts the old licenses that wait in zOld. */
export type RenewalProgress = Pick<RenewalTally, 'switched' | 'inZOld' | 'deleted' | 'skipped' | 'undone'> & {
  readonly rows: number;
};

export function progressOf(
  { rows }: Pick<Renewal, 'rows'>,
  { switched, inZOld, deleted, skipped, undone }: RenewalTally,
): RenewalProgress {
  return { rows, switched, inZOld, deleted, skipped, undone };
}

/**
 * Reads the tally of a renewal's rows: one query, however many rows there are. A renewal that was planned before rows
 * were counted has its rows read.
 */
export async function readTally(table: Table, renewal: Renewal): Promise<RenewalTally> {
  const { tenant, renewalId, planId, planned } = renewal;
  if (planned === undefined) return tallyOf((await readRows(table, renewal)).map(({ row }) => row));
  const counters = await readAll(
    table,
    renewalCounterKey(tenant, renewalId, planId, 0),
    renewalCounterKey(tenant, renewalId, planId, COUNTERS - 1),
  );
  return sumOf([planned, ...counters.map(counterOf)]);
}
