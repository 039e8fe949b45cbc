import { ArrowDown } from 'lucide-react';
import { useText } from '../../texts/text.tsx';
import type { Column } from './column.ts';

export type TableHeadProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly hasMenu: boolean;
  readonly selected: 'none' | 'some' | 'all';
  readonly onSelectAll?: (isSelected: boolean) => void;
};

/** The heads of the columns, with a box that selects all loaded rows. */
export function TableHead<Row>({ columns, hasMenu, selected, onSelectAll }: TableHeadProps<Row>) {
  const text = useText();
  return (
    <thead role="rowgroup" className="table-head">
      <tr role="row" aria-rowindex={1} className="table-row">
        {onSelectAll !== undefined && (
          <th role="columnheader" className="table-cell table-select">
            <input
              type="checkbox"
              className="box"
              aria-label={text('ui.select-loaded')}
              checked={selected === 'all'}
              ref={(box) => {
                if (box !== null) box.indeterminate = selected === 'some';
              }}
              onChange={(event) => onSelectAll(event.currentTarget.checked)}
            />
          </th>
        )}
        {columns.map(({ id, head, isNumber = false, sort }) => (
          <th
            key={id}
            role="columnheader"
            className="table-cell"
            data-number={isNumber || undefined}
            aria-sort={sort?.isSorted ? 'ascending' : undefined}
          >
            {sort === undefined ? (
              head
            ) : (
              <button type="button" className="table-sort" onClick={sort.onSort}>
                {head}
                {sort.isSorted && <ArrowDown size={12} aria-hidden />}
              </button>
            )}
          </th>
        ))}
        {hasMenu && (
          <th role="columnheader" className="table-cell">
            <span className="hidden-text">{text('ui.actions')}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
