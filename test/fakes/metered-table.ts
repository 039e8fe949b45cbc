import type { Item, Table } from '../../shared/platform/ports/table.ts';

export type Meter = {
  /** Read capacity units: half of one per 4 KiB of an index's keys, one per 4 KiB of an item that is read strongly. */
  units: number;
  calls: number;
  /** The most items or keys that one call answered with. */
  held: number;
};

const KIBIBYTES_4 = 4_096;
/** Of one entry of an index, beside its four keys. */
const ENTRY_BYTES = 100;

/** Meters what is read from a table as DynamoDB bills it; sizes as JSON, which is near enough to compare. */
export function meteredTable(table: Table): { readonly table: Table; readonly meter: Meter } {
  const meter: Meter = { units: 0, calls: 0, held: 0 };
  const note = (units: number, held: number): void => {
    meter.units += units;
    meter.calls += 1;
    meter.held = Math.max(meter.held, held);
  };
  const strong = (item: Item | undefined): number => Math.max(1, Math.ceil(sizeOf(item) / KIBIBYTES_4));
  return {
    meter,
    table: {
      ...table,
      get: async (key) => {
        const item = await table.get(key);
        note(strong(item), 1);
        return item;
      },
      getMany: async (keys) => {
        const items = await table.getMany(keys);
        note(
          items.reduce((units, item) => units + strong(item), 0),
          items.length,
        );
        return items;
      },
      query: async (range) => {
        const page = await table.query(range);
        note(Math.max(1, Math.ceil(sizeOf(page.items) / KIBIBYTES_4)), page.items.length);
        return page;
      },
      list: async (index, range) => {
        const page = await table.list(index, range);
        const bytes = page.keys.length * ENTRY_BYTES + sizeOf(page.keys);
        note(Math.max(1, Math.ceil(bytes / KIBIBYTES_4)) / 2, page.keys.length);
        return page;
      },
    },
  };
}

function sizeOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
