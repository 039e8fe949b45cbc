import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { ProblemText, useProblemText } from '../api/problem-text.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { toCsv } from '../ui/csv.ts';
import { saveFile } from '../ui/save-file.ts';
import { Select } from '../ui/select.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import type { Preview, Result } from './change.ts';

/** What a change would do: how many, and each reason against it. */
export function Verdicts({ preview: { count, done, refused, countedAll, results } }: { readonly preview: Preview }) {
  return (
    <>
      <ul className="verdicts">
        <li className="verdict" data-kind="done">
          <strong className="number">{done}</strong> <T id="licenses.would-be-done" values={{ count: done }} />
        </li>
        {refused.map(({ code, count: some }) => (
          <li key={code} className="verdict" data-kind="refused">
            <strong className="number">{some}</strong> <ProblemText problem={{ code, members: {} }} isSummary />
          </li>
        ))}
      </ul>
      {!countedAll && (
        <p className="muted">
          <T id="licenses.counted-some" values={{ count }} />
        </p>
      )}
      <ResultTable results={results} isPreview />
    </>
  );
}

/** What a change did, license by license. */
export function Ledger({ results }: { readonly results: readonly Result[] }) {
  const text = useText();
  const problemText = useProblemText();
  const refused = results.filter((result) => !result.done);
  const save = () => {
    const lines = results.map((result) => [
      result.serialNumber,
      result.done ? text('licenses.done') : problemText({ code: result.error.code, members: result.error }),
    ]);
    saveFile('licenses.csv', [toCsv([[text('licenses.serial'), text('licenses.result')], ...lines])]);
  };
  return (
    <>
      <p>
        <T id="licenses.ledger" values={{ done: results.length - refused.length, refused: refused.length }} />
      </p>
      <ResultTable results={results} />
      <Button icon={Download} onPress={save}>
        <T id="licenses.save-ledger" />
      </Button>
    </>
  );
}

const WHICH = ['all', 'refused', 'done'] as const;

type ResultTableProps = { readonly results: readonly Result[]; readonly isPreview?: boolean };

const MOST_ROWS = 7;
const ROW_PIXELS = 41;

function ResultTable({ results, isPreview = false }: ResultTableProps) {
  const text = useText();
  const [which, setWhich] = useState<(typeof WHICH)[number]>('all');
  const shown = useMemo(
    () => results.filter(({ done }) => which === 'all' || done === (which === 'done')),
    [results, which],
  );
  const columns: readonly Column<Result>[] = [
    {
      id: 'serial',
      head: text('licenses.serial'),
      width: 120,
      cell: ({ serialNumber }) => <bdi translate="no">{serialNumber}</bdi>,
    },
    {
      id: 'result',
      head: text('licenses.result'),
      width: 150,
      grows: 1,
      cell: (result) =>
        result.done ? (
          <T id={isPreview ? 'licenses.would' : 'licenses.done'} />
        ) : (
          <ProblemText problem={{ code: result.error.code, members: result.error }} />
        ),
    },
  ];
  return (
    <div className="results">
      <Select
        isFilter
        label={text('licenses.show')}
        choices={WHICH.map((id) => ({ id, text: text(`licenses.show-${id}`) }))}
        value={which}
        onChange={setWhich}
      />
      <div
        className="results-table"
        style={{ '--height': `${(Math.min(shown.length, MOST_ROWS) + 1) * ROW_PIXELS}px` }}
      >
        <DataTable
          label={text('licenses.result')}
          columns={columns}
          rows={shown}
          rowKey={({ serialNumber }) => serialNumber}
          total={shown.length}
          empty={
            <p className="menu-empty">
              <T id="licenses.no-results" />
            </p>
          }
        />
      </div>
    </div>
  );
}
