import { Ellipsis } from 'lucide-react';
import type { MouseEvent, ReactNode, RefObject } from 'react';
import type { Column } from './column.ts';

export type RowEvents = {
  readonly onActive: (index: number) => void;
  readonly onSelect: (index: number, how: 'toggle' | 'range') => void;
  readonly onOpen: (index: number) => void;
  readonly onMenu: (index: number, anchor: Element | null) => void;
};

export type TableRowProps<Row> = {
  readonly row: Row;
  readonly index: number;
  readonly start: number;
  readonly columns: readonly Column<Row>[];
  readonly name: string;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  /** Absent in a table without a selection. */
  readonly isSelected: boolean | undefined;
  readonly selectLabel: string | undefined;
  readonly menuLabel: string | undefined;
  /** A reference, so that a row is not rendered again when a function of its table is a new one. */
  readonly events: RefObject<RowEvents>;
};

/** A row in view. */
export function TableRow<Row>(props: TableRowProps<Row>): ReactNode {
  const { row, index, start, columns, isActive, isOpen, isSelected, selectLabel, menuLabel, events } = props;
  const tabIndex = isActive ? 0 : -1;
  const onClick = (event: MouseEvent<HTMLElement>) => {
    if (event.target instanceof Element && event.target.closest('button, input, a') !== null) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) {
      events.current.onSelect(index, event.shiftKey ? 'range' : 'toggle');
    } else events.current.onOpen(index);
  };
  return (
    <tr
      role="row"
      className="table-row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-open={isOpen || undefined}
      data-index={index}
      tabIndex={tabIndex}
      style={{ transform: `translateY(${start}px)` }}
      onFocus={() => events.current.onActive(index)}
      onClick={onClick}
    >
      {selectLabel !== undefined && (
        <td role="gridcell" className="table-cell table-select">
          <input
            type="checkbox"
            className="box"
            aria-label={selectLabel}
            tabIndex={tabIndex}
            checked={isSelected ?? false}
            onChange={() => undefined}
            onClick={(event) => events.current.onSelect(index, event.shiftKey ? 'range' : 'toggle')}
          />
        </td>
      )}
      {columns.map(({ id, cell, isNumber = false }) => (
        <td key={id} role="gridcell" className="table-cell" data-number={isNumber || undefined}>
          {cell(row)}
        </td>
      ))}
      {menuLabel !== undefined && (
        <td role="gridcell" className="table-cell table-menu">
          <button
            type="button"
            className="button icon-button row-menu"
            data-variant="quiet"
            aria-label={menuLabel}
            aria-haspopup="menu"
            tabIndex={tabIndex}
            onClick={(event) => events.current.onMenu(index, event.currentTarget)}
          >
            <Ellipsis size={16} aria-hidden />
          </button>
        </td>
      )}
    </tr>
  );
}
