import { FileSearch } from 'lucide-react';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { encodeSegment } from '../api/path-segment.ts';
import { useFolders } from '../api/queries.ts';
import type { RenewalProgress, RenewalRow } from '../api/types.ts';
import { oneOf, someText, useAddressQuery } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { CodeText } from '../ui/code-text.tsx';
import { Empty } from '../ui/empty.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, useFolderText } from '../ui/names.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Select } from '../ui/select.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable } from '../ui/table/data-table.tsx';
import { Day } from '../ui/time.tsx';
import { RowsCsvButton } from './csv-button.tsx';
import { useRenewalRows } from './queries.ts';
import { ROW_OUTCOMES, RowChip } from './status.tsx';

const READINGS = { outcome: oneOf(ROW_OUTCOMES), user: someText, folder: someText };
/** No path of a folder begins so. */
const ANY = '/any';

/** The rows of a renewal, by outcome, user and folder. */
export function Rows({ renewal }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  const navigate = useNavigate();
  const text = useText();
  const [filters, change] = useAddressQuery(READINGS);
  const found = useRenewalRows(tenant, renewal, filters);
  const columns = useColumns();
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.rows) ?? [], [found.data]);
  const isFiltered = Object.keys(filters).length > 0;
  const clear = () => change({ outcome: undefined, user: undefined, folder: undefined });
  return (
    <div className="rows">
      <div className="filters">
        <Select
          isFilter
          label={text('renewals.outcome')}
          choices={[
            { id: ANY, text: text('renewals.any') },
            ...ROW_OUTCOMES.map((id) => ({ id, text: text(`renewals.row-${id}`) })),
          ]}
          value={filters.outcome ?? ANY}
          onChange={(id) => change({ outcome: id === ANY ? undefined : id })}
        />
        <FolderFilter value={filters.folder} onChange={(folder) => change({ folder })} />
        <SearchField
          label={text('renewals.user')}
          value={filters.user ?? ''}
          onSubmit={(user) => change({ user: user === '' ? undefined : user })}
        />
        <RowsCsvButton renewal={renewal} />
      </div>
      {found.isPending && <Loading />}
      {found.isError && <PageFaultView error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && (
        <DataTable
          label={text('renewals.rows')}
          columns={columns}
          rows={rows}
          rowKey={({ row, old, new: replacement }) => `${old ?? '–'} → ${replacement ?? '–'} (${row})`}
          total={found.hasNextPage ? undefined : rows.length}
          onOpen={({ old, new: replacement }) =>
            void navigate(`/t/${encodeSegment(tenant)}/licenses/${encodeSegment(old ?? replacement ?? '')}`)
          }
          onEnd={found.hasNextPage && !found.isFetchingNextPage ? () => void found.fetchNextPage() : undefined}
          empty={
            <Empty icon={FileSearch} title={<T id="renewals.no-rows" />}>
              {isFiltered && (
                <Button onPress={clear}>
                  <T id="renewals.clear-filters" />
                </Button>
              )}
            </Empty>
          }
        />
      )}
    </div>
  );
}

type FolderFilterProps = {
  readonly value: string | undefined;
  readonly onChange: (folder: string | undefined) => void;
};

/** A folder of the address is offered even if it has another name today. */
function FolderFilter({ value, onChange }: FolderFilterProps) {
  const { tenant } = usePlace();
  const text = useText();
  const folderText = useFolderText();
  const folders = useFolders(tenant);
  const paths = new Set(['', ...(folders.data?.folders.map(({ folder }) => folder) ?? []), ...(value ? [value] : [])]);
  return (
    <Select
      isFilter
      label={text('renewals.folder')}
      choices={[
        { id: ANY, text: text('renewals.any') },
        ...[...paths].map((id) => ({ id, text: folderText(id), isName: id !== '' })),
      ]}
      value={value ?? ANY}
      onChange={(id) => onChange(id === ANY ? undefined : id)}
    />
  );
}

function useColumns(): readonly Column<RenewalRow>[] {
  const text = useText();
  return useMemo(
    () => [
      { id: 'old', head: text('renewals.old'), width: 96, grows: 1, cell: ({ old }) => <bdi>{old ?? '–'}</bdi> },
      {
        id: 'new',
        head: text('renewals.new'),
        width: 96,
        grows: 1,
        cell: ({ new: replacement }) => <bdi>{replacement ?? '–'}</bdi>,
      },
      {
        id: 'outcome',
        head: text('renewals.outcome'),
        width: 196,
        rank: 1,
        cell: ({ outcome }) => <RowChip outcome={outcome} />,
      },
      {
        id: 'user',
        head: text('renewals.user'),
        width: 100,
        grows: 1,
        rank: 2,
        cell: ({ user }) => user && <bdi>{user}</bdi>,
      },
      {
        id: 'folder',
        head: text('renewals.folder'),
        width: 110,
        grows: 1,
        rank: 4,
        cell: ({ folder }) => <FolderName path={folder} />,
      },
      {
        id: 'class',
        head: text('renewals.class'),
        width: 170,
        grows: 1,
        rank: 6,
        cell: (row) => <ClassName of={row.class} />,
      },
      {
        id: 'until',
        head: text('renewals.ends-on'),
        width: 110,
        rank: 5,
        cell: ({ expiresOn }) => expiresOn && <Day day={expiresOn} />,
      },
      {
        id: 'what',
        head: text('renewals.what-became'),
        width: 170,
        grows: 2,
        rank: 3,
        cell: (row) => <WhatBecame row={row} />,
      },
    ],
    [text],
  );
}

/** What happened to the licenses of a row, in words. */
export function WhatBecame({ row }: { readonly row: RenewalRow }) {
  const { why, whyCode, whyMembers, oldLicense, newLicense } = row;
  if (why !== undefined) return <CodeText id={`renewals.why-${whyCode}`} members={whyMembers} sentence={why} />;
  return (
    <>
      {oldLicense !== undefined && <T id={`renewals.old-${oldLicense}`} />}
      {newLicense !== undefined && <T id={`renewals.new-${newLicense}`} />}
    </>
  );
}
