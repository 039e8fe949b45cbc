import { X } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Loading } from '../ui/loading.tsx';
import type { Column } from '../ui/table/column.ts';
import { DataTable, type Selection } from '../ui/table/data-table.tsx';

type UserTableProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** The query that the rows come from, a page at a time. */
  readonly found: {
    readonly isPending: boolean;
    readonly isFetching: boolean;
    readonly hasNextPage: boolean;
    readonly error: Error | null;
    readonly refetch: () => Promise<unknown>;
    readonly fetchNextPage: () => Promise<unknown>;
  };
  readonly selection: Selection;
  /** What can be done with the chosen users. */
  readonly action: ReactNode;
  readonly openUser: string | undefined;
  readonly onOpen: (user: string) => void;
  readonly empty: ReactNode;
};

export const NOBODY: ReadonlySet<string> = new Set();

/** Users of whom some can be chosen, with what can be done with those. */
export function UserTable<Row extends { readonly user: string }>(props: UserTableProps<Row>) {
  const { label, columns, rows, found, selection, action, openUser, onOpen, empty } = props;
  const text = useText();
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const loadMore = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  if (found.isPending) return <Loading />;
  if (found.error !== null) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const { keys } = selection;
  const count = keys.size === 0 ? 0 : rows.filter(({ user }) => keys.has(user)).length;
  return (
    <>
      {count > 0 && (
        <div className="bulk-bar" role="toolbar" aria-label={text('users.chosen', { count })}>
          <p className="bulk-count">
            <T id="users.chosen" values={{ count }} />
          </p>
          {action}
          <Button variant="quiet" icon={X} onPress={() => selection.onChange(NOBODY)}>
            <T id="users.choose-nobody" />
          </Button>
        </div>
      )}
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        rowKey={userOf}
        total={hasNextPage ? undefined : rows.length}
        selection={selection}
        openKey={openUser}
        onOpen={({ user }) => onOpen(user)}
        onEnd={hasNextPage ? loadMore : undefined}
        empty={empty}
      />
    </>
  );
}

const userOf = ({ user }: { readonly user: string }) => user;
