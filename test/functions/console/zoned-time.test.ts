import { describe, expect, test } from 'vitest';
import { instantOf, localOf } from '../../../functions/console/app/shell/zoned-time.ts';
import { fittingColumns } from '../../../functions/console/app/ui/table/column.ts';

describe('a date and time in a time zone', () => {
  test.each([
    ['Europe/Helsinki', '2026-05-03T14:03', '2026-05-03T11:03:00.000Z'],
    ['Europe/Helsinki', '2026-01-03T14:03', '2026-01-03T12:03:00.000Z'],
    ['UTC', '2026-05-03T14:03', '2026-05-03T14:03:00.000Z'],
    ['Pacific/Auckland', '2026-01-01T00:30', '2025-12-31T11:30:00.000Z'],
  ])('in %s, %s is %s, and back', (zone, local, instant) => {
    expect(instantOf(zone, local)).toBe(instant);
    expect(localOf(zone, instant)).toBe(local);
  });

  test('that a clock shows twice means the first, and one that it skips the moment after', () => {
    expect(instantOf('Europe/Helsinki', '2026-10-25T03:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(instantOf('Europe/Helsinki', '2026-03-29T03:30')).toBe('2026-03-29T01:30:00.000Z');
  });

  test('that is none gives nothing', () => {
    expect(instantOf('UTC', '')).toBeUndefined();
  });
});

test('a narrow table leaves out the columns of the highest rank, and keeps those without one', () => {
  const column = (id: string, width: number, rank?: number) => ({
    id,
    head: id,
    width,
    cell: () => null,
    ...(rank !== undefined && { rank }),
  });
  const columns = [column('a', 100), column('b', 100, 2), column('c', 100, 1)];
  const shown = (width: number) => fittingColumns(columns, width).map(({ id }) => id);

  expect([shown(300), shown(299), shown(199), shown(10)]).toEqual([['a', 'b', 'c'], ['a', 'c'], ['a'], ['a']]);
});
