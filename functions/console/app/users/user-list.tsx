import { SearchX, Users, X } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { UserCardRow } from '../api/types.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { DataTable } from '../ui/table/data-table.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { toQuery, useUserFilters } from './filters.ts';
import { useUserColumns } from './user-columns.tsx';
import { useUserCards } from './user-queries.ts';

type UserListProps = {
  readonly openUser: string | undefined;
  readonly onOpen: (user: string) => void;
  readonly onAdd: () => void;
};

const NOBODY: ReadonlySet<string> = new Set();

export function UserList({ openUser, onOpen, onAdd }: UserListProps) {
  const text = useText();
  const { tenant } = usePlace();
  const [filters, change] = useUserFilters();
  const columns = useUserColumns();
  const readOnly = useReadOnlyReason();
  const [keys, setKeys] = useState(NOBODY);
  const [isChanging, setChanging] = useState(false);
  const found = useUserCards(tenant, toQuery(filters));
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.userCards) ?? [], [found.data]);
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const loadMore = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  if (found.isPending) return <Loading />;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const chosen = keys.size === 0 ? [] : rows.filter(({ user }) => keys.has(user));
  const isNarrowed = filters.q !== undefined || filters.folder !== undefined || filters.show !== undefined;
  const clear = () => change({ q: undefined, folder: undefined, show: undefined });
  return (
    <>
      {chosen.length > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label={text('users.chosen', { count: chosen.length })}>
          <p className="bulk-count">
            <T id="users.chosen" values={{ count: chosen.length }} />
          </p>
          <Button variant="primary" onPress={() => setChanging(true)} why={readOnly}>
            <T id="users.change-chosen" />
          </Button>
          <Button variant="quiet" icon={X} onPress={() => setKeys(NOBODY)}>
            <T id="users.choose-nobody" />
          </Button>
        </div>
      )}
      <DataTable
        label={text('users.title')}
        columns={columns}
        rows={rows}
        rowKey={keyOf}
        total={hasNextPage ? undefined : rows.length}
        selection={{ keys, onChange: setKeys }}
        openKey={openUser}
        onOpen={({ user }) => onOpen(user)}
        onEnd={hasNextPage ? loadMore : undefined}
        empty={isNarrowed ? <NoMatch onClear={clear} /> : <NoUsers onAdd={onAdd} readOnly={readOnly} />}
      />
      {isChanging && <BulkDialog cards={chosen} onClose={() => setChanging(false)} onDone={() => setKeys(NOBODY)} />}
    </>
  );
}

const keyOf = ({ user }: UserCardRow) => user;

function NoMatch({ onClear }: { readonly onClear: () => void }) {
  return (
    <Empty icon={SearchX} title={<T id="users.no-match" />}>
      <p>
        <T id="users.no-match-hint" />
      </p>
      <Button icon={X} onPress={onClear}>
        <T id="users.clear" />
      </Button>
    </Empty>
  );
}

function NoUsers({ onAdd, readOnly }: { readonly onAdd: () => void; readonly readOnly: string | undefined }) {
  return (
    <Empty icon={Users} title={<T id="users.nobody" />}>
      <p>
        <T id="users.nobody-hint" />
      </p>
      <Button variant="primary" onPress={onAdd} why={readOnly}>
        <T id="users.add" />
      </Button>
    </Empty>
  );
}
