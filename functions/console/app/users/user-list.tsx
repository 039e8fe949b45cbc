import { SearchX, Users, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { toQuery, useUserFilters } from './filters.ts';
import { useUserColumns } from './user-columns.tsx';
import { useUserCards } from './user-queries.ts';
import { NOBODY, UserTable } from './user-table.tsx';

type UserListProps = {
  readonly openUser: string | undefined;
  readonly onOpen: (user: string) => void;
  readonly onAdd: () => void;
};

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
  const chosen = keys.size === 0 ? [] : rows.filter(({ user }) => keys.has(user));
  const isNarrowed = filters.q !== undefined || filters.folder !== undefined || filters.show !== undefined;
  const clear = () => change({ q: undefined, folder: undefined, show: undefined });
  return (
    <>
      <UserTable
        label={text('users.title')}
        columns={columns}
        rows={rows}
        found={found}
        selection={{ keys, onChange: setKeys }}
        action={
          <Button variant="primary" onPress={() => setChanging(true)} why={readOnly}>
            <T id="users.change-chosen" />
          </Button>
        }
        openUser={openUser}
        onOpen={onOpen}
        empty={isNarrowed ? <NoMatch onClear={clear} /> : <NoUsers onAdd={onAdd} readOnly={readOnly} />}
      />
      {isChanging && <BulkDialog cards={chosen} onClose={() => setChanging(false)} onDone={() => setKeys(NOBODY)} />}
    </>
  );
}

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
