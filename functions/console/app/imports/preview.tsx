import { FileSearch } from 'lucide-react';
import { encodeSegment } from '../api/path-segment.ts';
import type { ImportPreview, PreviewedLicense } from '../api/types.ts';
import { oneOf, someText, useAddressQuery } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName } from '../ui/names.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Select } from '../ui/select.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { Faults, Ignored } from './faults.tsx';
import { ImportButton } from './import-button.tsx';
import { useImportJobs } from './import-jobs.ts';
import { countOf, OUTCOMES, OutcomeBar, OutcomeChip, useOutcomeChoices } from './outcomes.tsx';
import { useImportPreview } from './queries.ts';
import { Term, TwoSides } from './two-sides.tsx';

const READINGS = { outcome: oneOf(OUTCOMES), license: someText };

/** What an import of a file would do. The preview has an address of its own for a day. */
export function Preview({ previewId }: { readonly previewId: string }) {
  const { tenant } = usePlace();
  const text = useText();
  const [{ outcome, license }, change] = useAddressQuery(READINGS);
  const job = useImportJobs(tenant).find((one) => one.previewId === previewId);
  const preview = useImportPreview(tenant, previewId, outcome);
  const columns = useColumns();
  const choices = useOutcomeChoices();
  if (preview.isPending) return <Loading />;
  if (preview.isError) return <PageFaultView error={preview.error} onRetry={() => void preview.refetch()} />;
  const [head] = preview.data.pages;
  const licenses = preview.data.pages.flatMap((page) => page.licenses);
  if (head === undefined) return null;
  const open = licenses.find(({ serialNumber }) => serialNumber === license);
  const isAccepted = head.status === 'accepted';
  return (
    <>
      <PageHead
        title={text('imports.preview-title')}
        note={job && <bdi translate="no">{job.source.name}</bdi>}
        actions={isAccepted && <ImportButton job={job} />}
      />
      <div className="page-part">
        <Facts head={head} />
        {!isAccepted && <Faults faults={head.faults} />}
        {isAccepted && <OutcomeBar counts={head.counts} />}
        {isAccepted && countOf(head.counts, 'conflict') > 0 && (
          <Notice kind="warning">
            <T id="imports.conflict-explanation" values={{ count: countOf(head.counts, 'conflict') }} />
          </Notice>
        )}
        <Ignored names={head.ignored} />
        {isAccepted && (
          <div className="filters">
            <Select
              isFilter
              label={text('imports.outcome')}
              choices={choices}
              value={outcome ?? 'all'}
              onChange={(id) => change({ outcome: id === 'all' ? undefined : id, license: undefined })}
            />
          </div>
        )}
        {open !== undefined && <TwoSides license={open} />}
      </div>
      {isAccepted && (
        <div className="page-table">
          <DataTable
            label={text('imports.preview-list')}
            columns={columns}
            rows={licenses}
            rowKey={({ serialNumber }) => serialNumber}
            openKey={license}
            onOpen={({ serialNumber }) =>
              change({ license: serialNumber === license ? undefined : serialNumber }, { replace: true })
            }
            onEnd={preview.hasNextPage && !preview.isFetchingNextPage ? () => void preview.fetchNextPage() : undefined}
            empty={<Empty icon={FileSearch} title={<T id="imports.no-such-outcome" />} />}
          />
        </div>
      )}
    </>
  );
}

function Facts({ head }: { readonly head: ImportPreview }) {
  const { tenant } = usePlace();
  const { issued, folder, sameAs, expiresAt } = head;
  return (
    <p className="muted fact-line">
      {issued !== undefined && (
        <span>
          <T id="imports.issued-on" values={{ day: <Day day={issued} /> }} />
        </span>
      )}
      {folder !== undefined && (
        <span>
          <T id="imports.new-go-to" values={{ folder: <FolderName path={folder} /> }} />
        </span>
      )}
      <span>
        <T id="imports.kept-until" values={{ at: <Instant at={expiresAt} /> }} />
      </span>
      {sameAs !== undefined && (
        <span>
          <TextLink to={`/t/${encodeSegment(tenant)}/imports/${encodeSegment(sameAs)}`}>
            <T id="imports.same-as" />
          </TextLink>
        </span>
      )}
    </p>
  );
}

function useColumns(): readonly Column<PreviewedLicense>[] {
  const text = useText();
  return [
    {
      id: 'serial',
      head: text('imports.license'),
      width: 110,
      grows: 1,
      cell: ({ serialNumber }) => <bdi translate="no">{serialNumber}</bdi>,
    },
    {
      id: 'outcome',
      head: text('imports.outcome'),
      width: 140,
      cell: ({ outcome }) => <OutcomeChip outcome={outcome} />,
    },
    {
      id: 'class',
      head: text('imports.class'),
      width: 180,
      grows: 1,
      rank: 2,
      cell: ({ file }) => <ClassName of={file} />,
    },
    { id: 'file', head: text('imports.file-says'), width: 220, rank: 1, cell: ({ file }) => <Term {...file} /> },
    {
      id: 'present',
      head: text('imports.we-hold'),
      width: 220,
      rank: 3,
      cell: ({ present }) => (present === undefined ? <T id="imports.nothing" /> : <Term {...present} />),
    },
    {
      id: 'folder',
      head: text('imports.folder'),
      width: 120,
      grows: 1,
      rank: 4,
      cell: ({ present }) => present && <FolderName path={present.folder} />,
    },
  ];
}
