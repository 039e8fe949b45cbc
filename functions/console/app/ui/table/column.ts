import type { ReactNode } from 'react';

export type Column<Row> = {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** The least width in pixels. */
  readonly width: number;
  /** The share of the width that is left over. Without it the column keeps its width. */
  readonly grows?: number;
  /** A narrow table leaves out the columns with the greatest numbers. Without one the column always shows. */
  readonly rank?: number;
  readonly isNumber?: boolean;
  readonly sort?: { readonly isSorted: boolean; readonly onSort: () => void };
};

/** Returns the columns that fit into a width. Those without a rank stay, however narrow it is. */
export function fittingColumns<Row>(columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  const needed = (some: readonly Column<Row>[]) => some.reduce((sum, column) => sum + column.width, 0);
  const byRank = columns.filter(({ rank }) => rank !== undefined).toSorted((a, b) => (b.rank ?? 0) - (a.rank ?? 0));
  let kept = columns;
  for (const last of byRank) {
    if (needed(kept) <= width) break;
    kept = kept.filter((column) => column !== last);
  }
  return kept;
}

/** Returns the tracks of a CSS grid for columns. */
export function tracks<Row>(columns: readonly Column<Row>[]): string {
  return columns.map(({ width, grows }) => (grows ? `minmax(${width}px, ${grows}fr)` : `${width}px`)).join(' ');
}
