import { T, useText } from '../texts/text.tsx';
import { type SimpleColumn, SimpleTable } from '../ui/simple-table.tsx';

type Counts = { readonly peak: number; readonly owned: number; readonly denied: number };

type PeakTableProps<Row extends Counts> = {
  readonly caption: string;
  /** The columns that say when a row was. */
  readonly when: readonly SimpleColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
};

/** A picture's figures as a table. */
export function PeakTable<Row extends Counts>({ caption, when, rows, rowKey }: PeakTableProps<Row>) {
  const text = useText();
  return (
    <details className="twin">
      <summary>
        <T id="usage.as-table" />
      </summary>
      <SimpleTable
        caption={caption}
        columns={[
          ...when,
          { id: 'peak', head: text('usage.peak'), isNumber: true, cell: ({ peak }) => peak },
          { id: 'owned', head: text('usage.part-owned'), isNumber: true, cell: ({ owned }) => owned },
          { id: 'denied', head: text('usage.denied'), isNumber: true, cell: ({ denied }) => denied },
        ]}
        rows={rows}
        rowKey={rowKey}
      />
    </details>
  );
}
