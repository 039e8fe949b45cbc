import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { startOfList, tenantKey } from '../api/queries.ts';
import { ChangeText, LicenseEvents } from '../history/entry-text.tsx';
import { LifeStrip } from '../history/life-strip.tsx';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { Instant } from '../ui/time.tsx';

function useLicenseHistory(serialNumber: string) {
  const { tenant } = usePlace();
  const path = { tenant, serialNumber };
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'license-history', serialNumber],
    queryFn: ({ pageParam: cursor, signal }) =>
      read(
        api.GET('/tenants/{tenant}/licenses/{serialNumber}/history', { params: { path, query: { cursor } }, signal }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
}

type LicenseLifeProps = {
  readonly serialNumber: string;
  readonly at?: string | undefined;
  readonly onAt: (at: string) => void;
};

/** The life of a license as a picture, as far as its changes are loaded. */
export function LicenseLife({ serialNumber, ...rest }: LicenseLifeProps) {
  const { data, hasNextPage } = useLicenseHistory(serialNumber);
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  return entries.length > 0 && <LifeStrip {...rest} entries={entries} isCut={hasNextPage} />;
}

/** The changes of a license, the latest first of those that are loaded. */
export function LicenseHistory({ serialNumber, onAt }: LicenseLifeProps) {
  const history = useLicenseHistory(serialNumber);
  if (history.isPending) return <Loading />;
  if (history.isError) return <PageFaultView error={history.error} onRetry={() => void history.refetch()} />;
  const entries = history.data.pages.flatMap((page) => page.entries.filter((entry) => entry.kind === 'license'));
  if (entries.length === 0) return <Empty icon={History} title={<T id="licenses.no-history" />} />;
  return (
    <>
      <LicenseLife serialNumber={serialNumber} onAt={onAt} />
      {history.hasNextPage && (
        <Button onPress={() => void history.fetchNextPage()} isPending={history.isFetchingNextPage}>
          <T id="licenses.later-changes" />
        </Button>
      )}
      <ol className="timeline">
        {entries.toReversed().map((entry) => (
          <li key={entry.version} className="timeline-entry">
            <p className="timeline-what">
              <LicenseEvents entry={entry} />
            </p>
            <p className="muted">
              <Instant at={entry.at} /> · <ChangeText change={entry} />
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
