import { FileInput } from 'lucide-react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import type { Import } from '../api/types.ts';
import { nameInKey } from '../api/upload-file.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Chip } from '../ui/chip.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { useImportJobs } from './import-jobs.ts';
import { JobCard } from './job-card.tsx';
import { OutcomeBar } from './outcomes.tsx';
import { useImports } from './queries.ts';
import { StartImport } from './start-import.tsx';
import { WaitingUploads } from './waiting-uploads.tsx';

/** What is on its way, and every import there was, the latest first. */
export function ImportList() {
  const { tenant } = usePlace();
  const text = useText();
  const navigate = useNavigate();
  const jobs = useImportJobs(tenant);
  const list = useImports(tenant);
  const columns = useColumns();
  const imports = list.data?.pages.flatMap((page) => page.imports) ?? [];
  return (
    <>
      <PageHead title={text('imports.title')} />
      <div className="page-part">
        <StartImport isProminent={list.isSuccess && imports.length === 0} />
        {jobs.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
      </div>
      <WaitingUploads />
      {list.isPending && <Loading />}
      {list.isError && <PageFaultView error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && (
        <div className="page-table">
          <DataTable
            label={text('imports.list')}
            columns={columns}
            rows={imports}
            rowKey={({ importId }) => importId}
            total={list.hasNextPage ? undefined : imports.length}
            onOpen={({ importId }) => void navigate(`/t/${encodeSegment(tenant)}/imports/${encodeSegment(importId)}`)}
            onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
            empty={
              <Empty icon={FileInput} title={<T id="imports.none" />}>
                <p>
                  <T id="imports.none-next" />
                </p>
              </Empty>
            }
          />
        </div>
      )}
    </>
  );
}

function useColumns(): readonly Column<Import>[] {
  const text = useText();
  return [
    {
      id: 'name',
      head: text('imports.file'),
      width: 130,
      grows: 2,
      cell: ({ key }) => (
        <bdi translate="no" title={nameInKey(key)}>
          {nameInKey(key)}
        </bdi>
      ),
    },
    { id: 'status', head: text('imports.status'), width: 116, cell: (one) => <StatusChip status={one.status} /> },
    {
      id: 'counts',
      head: text('imports.counts'),
      width: 150,
      grows: 2,
      rank: 2,
      cell: (one) =>
        one.status === 'rejected' ? (
          <span className="muted">
            <T id="imports.faults-count" values={{ count: one.faults.length }} />
          </span>
        ) : (
          'counts' in one && <OutcomeLine counts={one.counts} />
        ),
    },
    {
      id: 'received',
      head: text('imports.received'),
      width: 160,
      rank: 1,
      cell: ({ receivedAt }) => <Instant at={receivedAt} />,
    },
    {
      id: 'by',
      head: text('imports.by'),
      width: 110,
      grows: 1,
      rank: 3,
      cell: ({ uploadedBy }) => uploadedBy !== undefined && <bdi translate="no">{uploadedBy}</bdi>,
    },
    {
      id: 'issued',
      head: text('imports.issued'),
      width: 110,
      rank: 4,
      cell: ({ issued }) => issued !== undefined && <Day day={issued} />,
    },
  ];
}

function OutcomeLine({ counts }: { readonly counts: Parameters<typeof OutcomeBar>[0]['counts'] }) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <span className="outcome-line">
      <OutcomeBar counts={counts} hasLegend={false} />
      <span className="number">{total}</span>
    </span>
  );
}

export function StatusChip({ status }: { readonly status: Import['status'] }) {
  switch (status) {
    case 'accepted':
      return (
        <Chip tone="good">
          <T id="imports.status-accepted" />
        </Chip>
      );
    case 'rejected':
      return (
        <Chip tone="danger" mark="cross">
          <T id="imports.status-rejected" />
        </Chip>
      );
    case 'running':
      return (
        <Chip tone="busy" mark="half">
          <T id="imports.status-running" />
        </Chip>
      );
  }
}
