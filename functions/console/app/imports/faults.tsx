import type { FileFault } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';
import { Notice } from '../ui/notice.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';

/** What is wrong with a file, in the order of the file. Nothing of such a file is imported. */
export function Faults({ faults }: { readonly faults: readonly FileFault[] }) {
  const text = useText();
  return (
    <section className="block">
      <Notice kind="danger">
        <T id="imports.rejected-explanation" values={{ count: faults.length }} />
      </Notice>
      <SimpleTable
        caption={text('imports.faults')}
        rows={faults}
        rowKey={({ code, place }, index) => `${place} ${code} ${index}`}
        columns={[
          {
            id: 'place',
            head: text('imports.fault-place'),
            cell: ({ place }) => <bdi className="place">{place}</bdi>,
          },
          { id: 'text', head: text('imports.fault-text'), cell: (fault) => <bdi>{fault.text}</bdi> },
          { id: 'code', head: text('imports.fault-code'), cell: ({ code }) => <code className="muted">{code}</code> },
        ]}
      />
    </section>
  );
}

/** What a file has and the service does not read. */
export function Ignored({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <details className="ignored">
      <summary>
        <T id="imports.ignored" values={{ count: names.length }} />
      </summary>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <bdi translate="no">{name}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}
