/** The places of the first and the last row in view. */
export type RowRange = { readonly first: number; readonly last: number };

/** Rows that are in the document although they are just out of view, so that a quick scroll shows no gap. */
export const OVERSCAN = 8;

/**
 * Returns the places of the rows that are in the document, in their order: those in view, some around them, and the
 * active row, because the focus would be lost without it.
 */
export function placesInDocument({ first, last }: RowRange, count: number, active: number): readonly number[] {
  const from = Math.max(0, first - OVERSCAN);
  const to = Math.min(count - 1, last + OVERSCAN);
  const around = Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
  if (active >= count || (active >= from && active <= to)) return around;
  return active < from ? [active, ...around] : [...around, active];
}
