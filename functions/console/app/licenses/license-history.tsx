import { useInfiniteQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { startOfList, tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { ChangeText } from '../history/entry-text.tsx';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { FolderName, PersonName } from './license-class.tsx';

type Entry = Answer<'/tenants/{tenant}/licenses/{serialNumber}/history'>['entries'][number];
type LicenseEntry = Extract<Entry, { readonly kind: 'license' }>;

/** The changes of a license, the latest first of those that are loaded. */
export function LicenseHistory({ serialNumber }: { readonly serialNumber: string }) {
  const { tenant } = usePlace();
  const path = { tenant, serialNumber };
  const history = useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'license-history', serialNumber],
    queryFn: ({ pageParam: cursor, signal }) =>
      read(
        api.GET('/tenants/{tenant}/licenses/{serialNumber}/history', { params: { path, query: { cursor } }, signal }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
  if (history.isPending) return <Loading />;
  if (history.isError) return <PageFaultView error={history.error} onRetry={() => void history.refetch()} />;
  const entries = history.data.pages.flatMap((page) => page.entries.filter((entry) => entry.kind === 'license'));
  if (entries.length === 0) return <Empty icon={History} title={<T id="licenses.no-history" />} />;
  return (
    <>
      {history.hasNextPage && (
        <Button onPress={() => void history.fetchNextPage()} isPending={history.isFetchingNextPage}>
          <T id="licenses.later-changes" />
        </Button>
      )}
      <ol className="timeline">
        {entries.toReversed().map((entry) => (
          <li key={entry.version} className="timeline-entry">
            <p className="timeline-what">
              <WhatChanged entry={entry} />
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

/** The difference of two states as one sentence per fact that differs. */
function WhatChanged({ entry: { before, after } }: { readonly entry: LicenseEntry }) {
  if (before === undefined)
    return <T id="licenses.event-added" values={{ folder: <FolderName folder={after.folder} /> }} />;
  const facts = [
    after.deletedAt !== undefined && before.deletedAt === undefined && <T key="deleted" id="licenses.event-deleted" />,
    after.deletedAt === undefined && before.deletedAt !== undefined && (
      <T key="restored" id="licenses.event-restored" />
    ),
    after.folder !== before.folder && (
      <T
        key="moved"
        id="licenses.event-moved"
        values={{ from: <FolderName folder={before.folder} />, to: <FolderName folder={after.folder} /> }}
      />
    ),
    after.currentUser !== before.currentUser &&
      (after.currentUser === undefined ? (
        <T key="ended" id="licenses.event-ended" values={{ user: <PersonName user={before.currentUser ?? ''} /> }} />
      ) : (
        <T key="taken" id="licenses.event-taken" values={{ user: <PersonName user={after.currentUser} /> }} />
      )),
    after.assignedTo !== before.assignedTo &&
      (after.assignedTo === undefined ? (
        <T
          key="released"
          id="licenses.event-released"
          values={{ user: <PersonName user={before.assignedTo ?? ''} /> }}
        />
      ) : (
        <T key="assigned" id="licenses.event-assigned" values={{ user: <PersonName user={after.assignedTo} /> }} />
      )),
    after.releasing === true && before.releasing !== true && <T key="releasing" id="licenses.event-releasing" />,
    after.heldBackFor !== before.heldBackFor &&
      (after.heldBackFor === undefined ? (
        <T key="given" id="licenses.event-given" />
      ) : (
        <T key="held" id="licenses.event-held" values={{ renewal: after.heldBackFor }} />
      )),
    after.expiresOn !== before.expiresOn && after.expiresOn !== undefined && (
      <T key="term" id="licenses.event-term" values={{ day: <Day day={after.expiresOn} /> }} />
    ),
  ].filter((fact) => fact !== false);
  return facts.length === 0 ? (
    <T id="licenses.event-noted" />
  ) : (
    facts.flatMap((fact, place) => (place === 0 ? [fact] : [' ', fact]))
  );
}
