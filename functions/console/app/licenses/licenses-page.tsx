import { FolderInput, Inbox, RotateCcw, SearchX, Trash2, Undo2, UserPlus } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { api } from '../api/client.ts';
import { decodeSegment, encodeSegment } from '../api/path-segment.ts';
import { useFolders, useLayoutCheck, useLicenses } from '../api/queries.ts';
import type { Folder, License } from '../api/types.ts';
import { useAddressQuery } from '../shell/address-query.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { DataTable } from '../ui/table/data-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { type ActionName, useLicenseActions } from './actions.ts';
import type { Target } from './change.ts';
import type { Asked } from './change-dialog.tsx';
import { type Filters, NARROWING, NOTHING, READINGS, toFilter, toQuery } from './filters.ts';
import { useLicenseColumns } from './license-columns.tsx';

// What stands around the list comes in one file, after the list.
const aroundTheList = () => import('./around-the-list.ts');
const CsvButton = lazy(async () => ({ default: (await aroundTheList()).CsvButton }));
const ChangeDialog = lazy(async () => ({ default: (await import('./on-demand.ts')).ChangeDialog }));
const FilterBar = lazy(async () => ({ default: (await aroundTheList()).FilterBar }));
const FolderMenu = lazy(async () => ({ default: (await aroundTheList()).FolderMenu }));
const FolderTree = lazy(async () => ({ default: (await aroundTheList()).FolderTree }));
const LayoutWarnings = lazy(async () => ({ default: (await aroundTheList()).LayoutWarnings }));
const LicensePanel = lazy(async () => ({ default: (await import('./on-demand.ts')).LicensePanel }));

const NO_KEYS: ReadonlySet<string> = new Set();
const NO_FOLDERS: readonly Folder[] = [];

export function Component() {
  const text = useText();
  const navigate = useNavigate();
  const { search } = useLocation();
  const { tenant, today } = usePlace();
  const { serialNumber: part } = useParams();
  const serialNumber = part === undefined ? undefined : decodeSegment(part);
  const [filters, setFilters] = useAddressQuery(READINGS);
  const query = useMemo(() => toQuery(filters), [filters]);
  const licenses = useLicenses(tenant, query);
  const folders = useFolders(tenant);
  const layout = useLayoutCheck(tenant, filters.warnings === true);
  const rows = useMemo(() => licenses.data?.pages.flatMap((page) => page.licenses) ?? [], [licenses.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = licenses;
  const [keys, setKeys] = useState(NO_KEYS);
  const [isAll, setAll] = useState(false);
  const [asked, setAsked] = useState<Asked>();

  const choose = useCallback((keysNow: ReadonlySet<string>) => {
    setKeys(keysNow);
    setAll(false);
  }, []);
  const changeFilters = useCallback(
    (change: Filters) => {
      choose(NO_KEYS);
      setFilters(change);
    },
    [choose, setFilters],
  );
  const base = `/t/${encodeSegment(tenant)}/licenses`;
  const open = (license: License) => void navigate(`${base}/${encodeSegment(license.serialNumber)}${search}`);
  const close = () => void navigate(`${base}${search}`);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const actions = useLicenseActions((action, license) =>
    setAsked({ action, license, target: { licenses: [seen(license)] } }),
  );
  const columns = useLicenseColumns(today, {
    byLastDay: filters.sort === 'last-day',
    onSort: useCallback(
      (byLastDay: boolean) => changeFilters({ sort: byLastDay ? 'last-day' : undefined }),
      [changeFilters],
    ),
  });
  const selected = useMemo(
    () => (keys.size === 0 ? [] : rows.filter((license) => keys.has(license.serialNumber))),
    [keys, rows],
  );
  const target: Target = isAll ? { filter: toFilter(filters) } : { licenses: selected.map(seen) };
  const total = hasNextPage ? undefined : rows.length;

  return (
    <div className="licenses" data-open={serialNumber !== undefined || undefined}>
      <PageHead
        title={text('licenses.title')}
        note={
          licenses.isSuccess && (
            <T id={hasNextPage ? 'licenses.count-loaded' : 'licenses.count'} values={{ count: rows.length }} />
          )
        }
        actions={
          <Suspense>
            <SaveButton tenant={tenant} isNarrowed={isNarrowed(filters)} />
          </Suspense>
        }
      />
      <div className="licenses-body">
        <aside className="licenses-tree">
          <Suspense>
            {folders.data !== undefined && (
              <>
                <FolderTree
                  folders={folders.data.folders}
                  warnings={layout.data?.warnings}
                  value={filters.folder}
                  onChange={changeFilters}
                />
                <FolderMenu {...folders.data} value={filters.folder} onChange={changeFilters} />
              </>
            )}
          </Suspense>
          {!filters.warnings && (
            <Button variant="quiet" onPress={() => changeFilters({ warnings: true })}>
              <T id="licenses.layout-check" />
            </Button>
          )}
        </aside>
        <div className="licenses-list">
          <Suspense fallback={<div className="filter-bar" />}>
            <FilterBar filters={filters} folders={folders.data?.folders ?? NO_FOLDERS} onChange={changeFilters} />
          </Suspense>
          <Suspense>
            {filters.warnings && (
              <LayoutWarnings
                layout={layout}
                folder={filters.folder}
                onAsk={setAsked}
                onClose={() => changeFilters({ warnings: undefined })}
              />
            )}
          </Suspense>
          {selected.length > 0 && (
            <BulkBar
              count={isAll ? total : selected.length}
              isAll={isAll}
              isDeleted={filters.state === 'deleted'}
              canTakeAll={!isAll && selected.length === rows.length && hasNextPage}
              onTakeAll={() => setAll(true)}
              onClear={() => choose(NO_KEYS)}
              onChoose={(action) => setAsked({ action, target })}
            />
          )}
          {licenses.isPending ? (
            <Loading />
          ) : licenses.isError ? (
            <PageFaultView error={licenses.error} onRetry={() => void licenses.refetch()} />
          ) : (
            <DataTable
              label={text('licenses.title')}
              columns={columns}
              rows={rows}
              rowKey={serialOf}
              total={total}
              selection={{ keys, onChange: choose }}
              openKey={serialNumber}
              onOpen={open}
              actions={actions}
              onEnd={hasNextPage ? loadMore : undefined}
              empty={
                <NothingHere
                  filters={filters}
                  onClear={() => changeFilters(NOTHING)}
                  importsPage={`/t/${encodeSegment(tenant)}/imports`}
                />
              }
            />
          )}
        </div>
        <Suspense fallback={<Loading />}>
          {serialNumber !== undefined && (
            <LicensePanel
              serialNumber={serialNumber}
              tab={filters.tab ?? 'now'}
              at={filters.at}
              onTab={(tab) => setFilters({ tab: tab === 'now' ? undefined : tab })}
              onAt={(at) => setFilters({ at, tab: 'as-of' })}
              actions={actions}
              onClose={close}
            />
          )}
        </Suspense>
      </div>
      <Suspense>
        {asked !== undefined && (
          <ChangeDialog
            {...asked}
            folders={folders.data?.folders ?? []}
            onClose={() => {
              setAsked(undefined);
              choose(NO_KEYS);
            }}
          />
        )}
      </Suspense>
    </div>
  );
}

const serialOf = ({ serialNumber }: License) => serialNumber;
const seen = ({ serialNumber, version }: License) => ({ serialNumber, expectedVersion: version });

type BulkBarProps = {
  readonly count: number | undefined;
  readonly isAll: boolean;
  readonly isDeleted: boolean;
  /** Whether more licenses match than are loaded and selected. */
  readonly canTakeAll: boolean;
  readonly onTakeAll: () => void;
  readonly onClear: () => void;
  readonly onChoose: (action: ActionName) => void;
};

/** What can be done with the selected licenses. */
function BulkBar({ count, isAll, isDeleted, canTakeAll, onTakeAll, onClear, onChoose }: BulkBarProps) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const off = readOnly === undefined ? {} : { why: readOnly };
  const actions = isDeleted ? RESTORE : CHANGES;
  return (
    <div className="bulk-bar" role="toolbar" aria-label={text('licenses.selected-actions')}>
      <p className="bulk-count" role="status">
        {isAll ? (
          <T id="licenses.all-matching" values={{ count: count ?? -1 }} />
        ) : (
          <T id="licenses.selected" values={{ count: count ?? 0 }} />
        )}
      </p>
      {canTakeAll && (
        <Button variant="quiet" onPress={onTakeAll}>
          <T id="licenses.take-all" />
        </Button>
      )}
      {actions.map(({ action, icon }) => (
        <Button key={action} icon={icon} onPress={() => onChoose(action)} {...off}>
          <T id={`licenses.do-${action}`} />
        </Button>
      ))}
      <Button variant="quiet" onPress={onClear}>
        <T id="licenses.clear-selection" />
      </Button>
    </div>
  );
}

const CHANGES = [
  { action: 'move', icon: FolderInput },
  { action: 'release', icon: Undo2 },
  { action: 'assign', icon: UserPlus },
  { action: 'delete', icon: Trash2 },
] as const;
const RESTORE = [{ action: 'restore', icon: RotateCcw }] as const;

type NothingHereProps = { readonly filters: Filters; readonly onClear: () => void; readonly importsPage: string };

const isNarrowed = (filters: Filters) => NARROWING.some((name) => filters[name] !== undefined);

/** Nothing matches, or there is nothing yet: the next step is another one. */
function NothingHere({ filters, onClear, importsPage }: NothingHereProps) {
  const isFolderAlone = filters.folder !== undefined && !isNarrowed({ ...filters, folder: undefined });
  return isNarrowed(filters) ? (
    <Empty icon={SearchX} title={<T id={isFolderAlone ? 'licenses.nothing-in-folder' : 'licenses.nothing-matches'} />}>
      <Button onPress={onClear}>
        <T id="licenses.clear-filters" />
      </Button>
    </Empty>
  ) : (
    <Empty icon={Inbox} title={<T id="licenses.nothing-yet" />}>
      <p>
        <T id="licenses.nothing-yet-explanation" />
      </p>
      <TextLink to={importsPage}>
        <T id="licenses.to-imports" />
      </TextLink>
    </Empty>
  );
}

/** Saves all licenses of the tenant. */
function SaveButton({ tenant, isNarrowed }: { readonly tenant: string; readonly isNarrowed: boolean }) {
  const text = useText();
  return (
    <CsvButton
      name={`licenses-${tenant}.csv`}
      ask={({ cursor, signal }) =>
        api.GET('/tenants/{tenant}/exports/licenses', {
          params: { path: { tenant }, query: { limit: 1_000, cursor } },
          parseAs: 'blob',
          signal,
        })
      }
      why={isNarrowed ? text('licenses.csv-all') : undefined}
    />
  );
}
