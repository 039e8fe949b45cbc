import { encodeSegment } from '../api/path-segment.ts';
import type { PreviewedLicense } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { FolderName } from '../ui/names.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { OutcomeChip } from './outcomes.tsx';

const CLASS = ['type', 'access', 'modules'] as const;

/** A license as the file has it beside what the service holds, with the issue dates that decide between them. */
export function TwoSides({ license }: { readonly license: PreviewedLicense }) {
  const { tenant } = usePlace();
  const text = useText();
  const { serialNumber, outcome, file, present } = license;
  const lines = [
    {
      name: text('imports.class'),
      file: <ClassName of={file} />,
      present: present && <ClassName of={present} />,
      differs: present !== undefined && CLASS.some((name) => file[name] !== present[name]),
    },
    {
      name: text('imports.term'),
      file: <Term {...file} />,
      present: present && <Term {...present} />,
      differs: present !== undefined && (file.validFrom !== present.validFrom || file.expiresOn !== present.expiresOn),
    },
    {
      name: text('imports.issued'),
      file: <Day day={file.issued} />,
      present: present && <Day day={present.issued} />,
      wins: present === undefined ? undefined : file.issued > present.issued ? 'file' : 'present',
    },
  ];
  return (
    <article className="two-sides">
      <header className="two-sides-head">
        <TextLink to={`/t/${encodeSegment(tenant)}/licenses/${encodeSegment(serialNumber)}`}>
          <bdi translate="no">{serialNumber}</bdi>
        </TextLink>
        <OutcomeChip outcome={outcome} />
        <p className="muted">
          <T id={`imports.why-${outcome}`} />
        </p>
      </header>
      <table className="two-sides-table">
        <thead>
          <tr>
            <td />
            <th scope="col">
              <T id="imports.file-says" />
            </th>
            <th scope="col">
              <T id="imports.we-hold" />
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, file: left, present: right, differs = false, wins }) => (
            <tr key={name} data-differs={differs || undefined}>
              <th scope="row">{name}</th>
              <td data-wins={wins === 'file' || undefined}>{left}</td>
              <td data-wins={wins === 'present' || undefined}>{right ?? <T id="imports.nothing" />}</td>
            </tr>
          ))}
          {present !== undefined && (
            <tr>
              <th scope="row">{text('imports.folder')}</th>
              <td />
              <td>
                {present.deletedAt === undefined ? (
                  <FolderName path={present.folder} />
                ) : (
                  <T id="imports.deleted-at" values={{ at: <Instant at={present.deletedAt} /> }} />
                )}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </article>
  );
}

type TermProps = { readonly validFrom: string; readonly expiresOn?: string | undefined };

export function Term({ validFrom, expiresOn }: TermProps) {
  return (
    <>
      <Day day={validFrom} /> – {expiresOn === undefined ? <T id="imports.never" /> : <Day day={expiresOn} />}
    </>
  );
}
