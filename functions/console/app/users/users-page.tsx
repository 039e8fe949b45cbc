import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api } from '../api/client.ts';
import { CsvButton } from '../api/csv-button.tsx';
import { decodeSegment } from '../api/path-segment.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { useAddress } from '../ui/names.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { EditCardDialog } from './edit-card-dialog.tsx';
import { toPath, toQuery, useUserFilters } from './filters.ts';
import { InactiveHolders } from './inactive-holders.tsx';
import { UserFilters } from './user-filters.tsx';
import { UserList } from './user-list.tsx';
import { UserPanel } from './user-panel.tsx';
import { useEarlyUserCards } from './user-queries.ts';

/** The users with their licenses, and beside them the card of the one that is open. */
export function Component() {
  const text = useText();
  const address = useAddress();
  const navigate = useNavigate();
  const readOnly = useReadOnlyReason();
  const { tenant } = usePlace();
  const [filters, change] = useUserFilters();
  useEarlyUserCards(tenant, toQuery(filters), filters.show !== 'inactive');
  const [isAdding, setAdding] = useState(false);
  const { user: part } = useParams();
  const user = decodeSegment(part ?? '') || undefined;
  const go = (next: string | undefined) =>
    void navigate({ pathname: address('users', ...(next === undefined ? [] : [next])), search: location.search });
  const isFiltered = filters.q !== undefined || (filters.show ?? 'all') !== 'all';
  const inFolder = filters.folder === undefined ? {} : { folder: toPath(filters.folder) };
  return (
    <>
      <PageHead
        title={text('users.title')}
        actions={
          <>
            <CsvButton
              name="users.csv"
              ask={({ cursor, signal }) =>
                api.GET('/tenants/{tenant}/exports/user-cards', {
                  params: { path: { tenant }, query: { ...inFolder, format: 'csv', cursor } },
                  parseAs: 'blob',
                  signal,
                })
              }
              why={isFiltered ? text('users.csv-folder') : undefined}
            />
            <Button icon={UserPlus} variant="primary" onPress={() => setAdding(true)} why={readOnly}>
              <T id="users.add" />
            </Button>
          </>
        }
      />
      <div className="users" data-open={user !== undefined || undefined}>
        <div className="users-list">
          <UserFilters filters={filters} onChange={change} />
          {filters.show === 'inactive' ? (
            <InactiveHolders openUser={user} onOpen={go} />
          ) : (
            <UserList openUser={user} onOpen={go} onAdd={() => setAdding(true)} />
          )}
        </div>
        {user !== undefined && <UserPanel key={user} user={user} onClose={() => go(undefined)} />}
      </div>
      {isAdding && <EditCardDialog onClose={() => setAdding(false)} onSaved={go} />}
    </>
  );
}
