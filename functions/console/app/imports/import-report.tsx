import { FileSearch, GitCompareArrows, Printer } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { nameInKey } from '../api/upload-file.ts';
import { oneOf, useAddressQuery } from '../shell/address-query.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Facts } from '../ui/facts.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Progress } from '../ui/progress.tsx';
import { Select } from '../ui/select.tsx';
import { DataTable } from '../ui/table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { sayFailed } from '../ui/toast.tsx';
import { DetailText } from './detail-text.tsx';
import { DownloadButton } from './download-button.tsx';
import { Faults, Ignored } from './faults.tsx';
import { requestPreview } from './import-jobs.ts';
import { StatusChip } from './import-list.tsx';
import { OUTCOMES, OutcomeBar, OutcomeChip, totalOf, useOutcomeChoices } from './outcomes.tsx';
import { useImportReport } from './queries.ts';

const READINGS = { outcome: oneOf(OUTCOMES) };

/** The report of one import: what came, when, from whom, and what became of each license. */
export function ImportReport({ importId }: { readonly importId: string }) {
  const { tenant } = usePlace();
  const text = useText();
  const report = useImportReport(tenant, importId);
  if (report.isPending) return <Loading />;
  if (report.isError) return <PageFaultView error={report.error} onRetry={() => void report.refetch()} />;
  const [head] = report.data.pages;
  if (head === undefined) return null;
  const licenses = report.data.pages.flatMap((page) =>
    'licenses' in page && Array.isArray(page.licenses) ? page.licenses : [],
  );
  const of = head.status === 'running' && 'licenses' in head ? head.licenses : undefined;
  return (
    <>
      <PageHead
        title={nameInKey(head.key)}
        isName
        note={<StatusChip status={head.status} />}
        actions={
          head.status !== 'running' && (
            <>
              <Button icon={Printer} onPress={() => window.print()}>
                <T id="ui.print" />
              </Button>
              <DownloadButton of={{ importId }} />
              <CompareButton uploadKey={head.key} />
            </>
          )
        }
      />
      <div className="page-part">
        <ReportFacts head={head} />
        {head.status === 'running' && (
          <Progress
            label={text('imports.stage-importing')}
            value={of === undefined ? undefined : totalOf(head.counts)}
            most={of ?? 1}
            note={of === undefined ? undefined : text('imports.done-of', { done: totalOf(head.counts), of })}
          />
        )}
        {head.status === 'rejected' && <Faults faults={head.faults} />}
        {head.status !== 'rejected' && <OutcomeBar counts={head.counts} />}
        {head.status !== 'running' && <Ignored names={head.ignored} />}
      </div>
      {head.status === 'accepted' && (
        <ReportRows
          licenses={licenses}
          onEnd={report.hasNextPage && !report.isFetchingNextPage ? () => void report.fetchNextPage() : undefined}
        />
      )}
    </>
  );
}

type Head = NonNullable<ReturnType<typeof useImportReport>['data']>['pages'][number];

function ReportFacts({ head }: { readonly head: Head }) {
  const { tenant } = usePlace();
  const text = useText();
  const { key, receivedAt, uploadedBy, issued } = head;
  const isOver = head.status !== 'running';
  return (
    <Facts
      facts={[
        { name: text('imports.received'), value: <Instant at={receivedAt} /> },
        ...(isOver ? [{ name: text('imports.finished'), value: <Instant at={head.finishedAt} /> }] : []),
        ...(uploadedBy === undefined
          ? []
          : [{ name: text('imports.by'), value: <bdi translate="no">{uploadedBy}</bdi> }]),
        ...(issued === undefined ? [] : [{ name: text('imports.issued'), value: <Day day={issued} /> }]),
        {
          name: text('imports.key'),
          value: (
            <code className="breaks">
              <bdi translate="no">{key}</bdi>
            </code>
          ),
        },
        ...(isOver && head.sameAs !== undefined
          ? [
              {
                name: text('imports.same-bytes'),
                value: (
                  <TextLink to={`/t/${encodeSegment(tenant)}/imports/${encodeSegment(head.sameAs)}`}>
                    <T id="imports.same-as" />
                  </TextLink>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

type Line = Extract<Head, { licenses: readonly unknown[] }>['licenses'][number];

function ReportRows({
  licenses,
  onEnd,
}: {
  readonly licenses: readonly Line[];
  readonly onEnd: (() => void) | undefined;
}) {
  const { tenant } = usePlace();
  const text = useText();
  const navigate = useNavigate();
  const choices = useOutcomeChoices();
  const [{ outcome }, change] = useAddressQuery(READINGS);
  const rows = outcome === undefined ? licenses : licenses.filter((one) => one.outcome === outcome);
  return (
    <>
      <div className="page-part filters">
        <Select
          isFilter
          label={text('imports.outcome')}
          choices={choices}
          value={outcome ?? 'all'}
          onChange={(id) => change({ outcome: id === 'all' ? undefined : id })}
        />
      </div>
      <div className="page-table">
        <DataTable
          label={text('imports.report-list')}
          rows={rows}
          rowKey={({ serialNumber }) => serialNumber}
          onOpen={({ serialNumber }) =>
            void navigate(`/t/${encodeSegment(tenant)}/licenses/${encodeSegment(serialNumber)}`)
          }
          onEnd={onEnd}
          columns={[
            {
              id: 'serial',
              head: text('imports.license'),
              width: 120,
              grows: 1,
              cell: ({ serialNumber }) => <bdi translate="no">{serialNumber}</bdi>,
            },
            {
              id: 'outcome',
              head: text('imports.outcome'),
              width: 140,
              cell: (one) => <OutcomeChip outcome={one.outcome} />,
            },
            {
              id: 'detail',
              head: text('imports.detail'),
              width: 200,
              grows: 3,
              rank: 1,
              cell: (one) => <DetailText of={one} />,
            },
          ]}
          empty={<Empty icon={FileSearch} title={<T id="imports.no-such-outcome" />} />}
        />
      </div>
    </>
  );
}

/** Compares an uploaded file with the licenses as they are now, so that both sides of a conflict stand side by side. */
function CompareButton({ uploadKey }: { readonly uploadKey: string }) {
  const { tenant } = usePlace();
  const why = useReadOnlyReason();
  const navigate = useNavigate();
  const [isPending, setIsPending] = useState(false);
  const compare = async () => {
    setIsPending(true);
    try {
      const { previewId } = await requestPreview(tenant, { upload: uploadKey });
      void navigate(`/t/${encodeSegment(tenant)}/imports?preview=${encodeURIComponent(previewId)}`);
    } catch (error) {
      sayFailed(<ProblemText problem={Problem.from(error)} />);
      setIsPending(false);
    }
  };
  return (
    <Button icon={GitCompareArrows} why={why} isPending={isPending} onPress={() => void compare()}>
      <T id="imports.compare" />
    </Button>
  );
}
