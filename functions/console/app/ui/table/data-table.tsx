import { type KeyboardEvent, memo, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { usePreferences } from '../../shell/preferences.ts';
import { useText } from '../../texts/text.tsx';
import { type Action, ActionMenuAt } from '../menu.tsx';
import { type Column, fittingColumns, tracks } from './column.ts';
import { OVERSCAN, placesInDocument } from './rows-in-view.ts';
import { TableHead } from './table-head.tsx';
import { type RowEvents, TableRow, type TableRowProps } from './table-row.tsx';
import { usePrinting } from './use-printing.ts';
import { useRowsInView } from './use-rows-in-view.ts';
import { useWidth } from './use-width.ts';

export type Selection = {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
};

export type DataTableProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The number of rows, if it is known before all are loaded. */
  readonly total?: number | undefined;
  readonly selection?: Selection;
  readonly openKey?: string | undefined;
  readonly onOpen?: (row: Row) => void;
  readonly actions?: (row: Row) => readonly Action[];
  /** Loads more rows. It is called when the last one comes into view. */
  readonly onEnd?: (() => void) | undefined;
  /** What stands in place of the rows when there are none. */
  readonly empty: ReactNode;
};

const ROW_HEIGHT = { compact: 32, comfortable: 40 };
/** The size of the text, which the widths of columns follow. */
const TEXT_SCALE = { compact: 1, comfortable: 14 / 13 };
const SELECT_WIDTH = 40;
const MENU_WIDTH = 44;
const PAGE_ROWS = 12;
/** The rows that are printed at most. */
const PRINTED = { first: 0, last: 5000 };

/**
 * A table of any number of rows. Only the rows in view are in the document, on paper all that are loaded. One of them can
 * be focused: arrows move, space selects, shift extends, Enter opens, and F10 with shift opens the menu of a row.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, total, selection, openKey, onOpen, actions, onEnd, empty } = props;
  const text = useText();
  const { density } = usePreferences();
  const rowHeight = ROW_HEIGHT[density];
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  // A row is rendered again only when it changes itself.
  const [MemoRow] = useState(() => memo<TableRowProps<Row>>(TableRow));
  const [active, setActive] = useState(0);
  const [menuAt, setMenuAt] = useState<number>();
  const menuAnchor = useRef<Element | null>(null);
  const rangeStart = useRef(0);
  const wantsFocus = useRef(false);
  const activeIndex = Math.min(active, Math.max(rows.length - 1, 0));

  const isPrinting = usePrinting();
  const range = useRowsInView(scroller, rowHeight);
  const isNearEnd = range.last + 2 * OVERSCAN >= rows.length - 1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: more rows may leave the end in view
  useEffect(() => {
    if (isNearEnd) onEnd?.();
  }, [onEnd, isNearEnd, rows.length]);

  const focusRow = (index: number): boolean => {
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
    return row !== null && row !== undefined;
  };
  useEffect(() => {
    if (wantsFocus.current && focusRow(activeIndex)) wantsFocus.current = false;
  });

  const hasBoxes = selection !== undefined;
  const hasMenu = actions !== undefined;
  const shown = useMemo(
    () =>
      fittingColumns(
        columns.map((column) => ({ ...column, width: Math.ceil(column.width * TEXT_SCALE[density]) })),
        width - (hasBoxes ? SELECT_WIDTH : 0) - (hasMenu ? MENU_WIDTH : 0),
      ),
    [columns, width, hasBoxes, hasMenu, density],
  );
  const template = [hasBoxes && `${SELECT_WIDTH}px`, tracks(shown), hasMenu && `${MENU_WIDTH}px`]
    .filter(Boolean)
    .join(' ');

  const select = (index: number, how: 'toggle' | 'range') => {
    if (selection === undefined) return;
    const keys = new Set(selection.keys);
    const from = how === 'range' ? Math.min(rangeStart.current, index) : index;
    const to = how === 'range' ? Math.max(rangeStart.current, index) : index;
    for (const row of rows.slice(from, to + 1)) {
      const key = rowKey(row);
      if (how === 'toggle' && keys.has(key)) keys.delete(key);
      else keys.add(key);
    }
    if (how === 'toggle') rangeStart.current = index;
    selection.onChange(keys);
  };
  const open = (index: number) => {
    const row = rows[index];
    if (row !== undefined) onOpen?.(row);
  };
  const events = useRef<RowEvents>({ onActive: setActive, onSelect: select, onOpen: open, onMenu: () => undefined });
  events.current = {
    onActive: setActive,
    onSelect: select,
    onOpen: open,
    onMenu: (index, anchor) => {
      menuAnchor.current = anchor;
      setMenuAt(index);
    },
  };

  const goTo = (index: number, isExtending: boolean) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    if (!isExtending) rangeStart.current = next;
    // A row that is far away comes into the document when it is the active one.
    wantsFocus.current = !focusRow(next);
    setActive(next);
    if (isExtending) select(next, 'range');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    const isInside = event.target instanceof HTMLElement && event.target.role !== 'row';
    if (step !== undefined && !event.altKey && !event.ctrlKey) goTo(step(activeIndex, rows.length), event.shiftKey);
    else if (event.key === ' ' && !isInside) select(activeIndex, event.shiftKey ? 'range' : 'toggle');
    else if (event.key === 'Enter' && !isInside) open(activeIndex);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) selection?.onChange(new Set(rows.map(rowKey)));
    else if (actions !== undefined && (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) {
      events.current.onMenu(activeIndex, event.currentTarget.querySelector(`[data-index="${activeIndex}"] .row-menu`));
    } else return;
    event.preventDefault();
  };

  const menuRow = menuAt === undefined ? undefined : rows[menuAt];
  const chosen = selection?.keys;
  const selectedCount = useMemo(
    () => (chosen === undefined || chosen.size === 0 ? 0 : rows.filter((row) => chosen.has(rowKey(row))).length),
    [chosen, rows, rowKey],
  );
  return (
    <div className="table-scroller" ref={scroller}>
      <table
        className="table"
        role="grid"
        aria-label={label}
        aria-rowcount={total === undefined ? -1 : total + 1}
        aria-multiselectable={selection !== undefined}
        style={{ '--columns': template, '--row': `${rowHeight}px` }}
      >
        <TableHead
          columns={shown}
          hasMenu={hasMenu}
          selected={selectedCount === 0 ? 'none' : selectedCount === rows.length ? 'all' : 'some'}
          {...(selection && {
            onSelectAll: (isSelected: boolean) => selection.onChange(new Set(isSelected ? rows.map(rowKey) : [])),
          })}
        />
        <tbody role="rowgroup" className="table-body" style={{ height: rows.length * rowHeight }} onKeyDown={onKeyDown}>
          {placesInDocument(isPrinting ? PRINTED : range, rows.length, activeIndex).map((index) => {
            const row = rows[index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <MemoRow
                key={key}
                row={row}
                index={index}
                start={isPrinting ? 0 : index * rowHeight}
                columns={shown}
                name={key}
                isActive={index === activeIndex}
                isOpen={key === openKey}
                isSelected={selection?.keys.has(key)}
                menuLabel={actions === undefined ? undefined : text('ui.actions-of', { name: key })}
                selectLabel={selection === undefined ? undefined : text('ui.select-row', { name: key })}
                events={events}
              />
            );
          })}
        </tbody>
      </table>
      {rows.length === 0 && empty}
      {menuRow !== undefined && actions !== undefined && (
        <ActionMenuAt
          label={text('ui.actions-of', { name: rowKey(menuRow) })}
          actions={actions(menuRow)}
          anchor={menuAnchor}
          onClose={() => setMenuAt(undefined)}
        />
      )}
    </div>
  );
}

const STEPS: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index) => index + PAGE_ROWS,
  PageUp: (index) => index - PAGE_ROWS,
  Home: () => 0,
  End: (_, count) => count - 1,
};
