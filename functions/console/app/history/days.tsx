import { useInfiniteQuery } from '@tanstack/react-query';
import { SearchX, Sunrise, X } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { CsvButton } from '../api/csv-button.tsx';
import { startOfList, tenantKey } from '../api/queries.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { DayFilters, useDayFilters } from './day-filters.tsx';
import { EntryList } from './entry-list.tsx';

const PAGE = 200;

/** The entries of a day or of some days. */
export function Days() {
  const text = useText();
  const { tenant, today } = usePlace();
  const { filters, isNarrowed, clear } = useDayFilters();
  const { from = today, to = today } = filters;
  const { kind, actor, cause } = filters;
  const query = { from, to, ...(kind && { kind }), ...(actor && { actor }), ...(cause && { cause }) };
  const found = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'history', query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/history', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <>
      <div className="history-bar">
        <DayFilters from={from} to={to} />
        <span className="history-gap" />
        <CsvButton
          name={`history-${from}-${to}.csv`}
          ask={({ cursor, signal }) =>
            api.GET('/tenants/{tenant}/exports/history', {
              params: { path: { tenant }, query: { from, to, format: 'csv', cursor } },
              parseAs: 'blob',
              signal,
            })
          }
          why={isNarrowed ? text('history.csv-whole-days') : undefined}
        />
      </div>
      {found.isPending ? (
        <Loading />
      ) : found.isError ? (
        <PageFaultView error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <>
          {entries.length > 0 && <EntryList entries={entries} label={text('history.entries')} />}
          {found.hasNextPage ? (
            <div className="history-more">
              <Button onPress={() => void found.fetchNextPage()} isPending={found.isFetchingNextPage}>
                <T id="history.more" />
              </Button>
            </div>
          ) : (
            entries.length === 0 && <NoEntries isNarrowed={isNarrowed} onClear={clear} />
          )}
        </>
      )}
    </>
  );
}

function NoEntries({ isNarrowed, onClear }: { readonly isNarrowed: boolean; readonly onClear: () => void }) {
  return isNarrowed ? (
    <Empty icon={SearchX} title={<T id="history.no-match" />}>
      <Button icon={X} onPress={onClear}>
        <T id="history.clear" />
      </Button>
    </Empty>
  ) : (
    <Empty icon={Sunrise} title={<T id="history.nothing" />}>
      <p>
        <T id="history.nothing-hint" />
      </p>
    </Empty>
  );
}
