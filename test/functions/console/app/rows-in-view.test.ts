import { expect, test } from 'vitest';
import { placesInDocument } from '../../../../functions/console/app/ui/table/rows-in-view.ts';

const places = (first: number, last: number, active: number, count = 100_000) =>
  placesInDocument({ first, last }, count, active);

test('the rows in view are in the document, with some around them', () => {
  expect(places(0, 3, 0)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(places(500, 520, 505)).toHaveLength(21 + 2 * 8);
  expect(places(99_990, 100_010, 99_999).at(-1)).toBe(99_999);
});

test('the active row stays in the document while it is out of view', () => {
  expect(places(500, 520, 3)[0]).toBe(3);
  expect(places(0, 20, 99_999).at(-1)).toBe(99_999);
  expect(places(500, 520, 3)).toHaveLength(1 + 21 + 2 * 8);
});

test('a table without rows has none in the document', () => {
  expect(places(0, 20, 0, 0)).toEqual([]);
});
