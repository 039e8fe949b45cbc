import type { Value } from '../../shared/licensing/clause.ts';
import type { Item } from '../../shared/platform/ports/table.ts';
import { TABLE } from '../../shared/platform/ports/table-definition.ts';

/** What calls consume by the documented rule: of the items themselves, and of the indexes that follow them. */
export type Units = { read: number; write: number; indexWrite: number };

/** Strong reads take one unit for each 4 KB begun, and one at least. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4_096));
}

/** A write takes one unit for each KB begun of the larger of both items; in a transaction twice as many. */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  return Math.max(1, Math.ceil(Math.max(sizeOf(before), sizeOf(after)) / 1_024));
}

/** Of indexes with keys only: one for an entry that comes, one for an entry that goes. */
export function indexWriteUnits(before: Item | undefined, after: Item | undefined): number {
  let units = 0;
  for (const { partitionKey, sortKey } of Object.values(TABLE.indexes)) {
    const entry = (item: Item | undefined) =>
      item?.[partitionKey] === undefined ? undefined : `${item[partitionKey]}\n${item[sortKey]}`;
    if (entry(before) === entry(after)) continue;
    units += (entry(before) === undefined ? 0 : 1) + (entry(after) === undefined ? 0 : 1);
  }
  return units;
}

export function sizeOf(item: Item | undefined): number {
  if (item === undefined) return 0;
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(`${value}`.length / 2) + 1;
  if (typeof value !== 'object' || value === null) return 1;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 1 + valueSize(one), 3);
  return Object.entries(value).reduce((sum, [name, one]) => sum + 1 + Buffer.byteLength(name) + valueSize(one), 3);
}
