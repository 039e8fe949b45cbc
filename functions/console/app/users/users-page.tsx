import { Download, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { api } from '../api/client.ts';
import { saveExport } from '../api/export-file.ts';
import { decodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { useAddress } from '../ui/names.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { sayFailed } from '../ui/toast.tsx';
import { EditCardDialog } from './edit-card-dialog.tsx';
import { type Filters, toPath, useUserFilters } from './filters.ts';
import { InactiveHolders } from './inactive-holders.tsx';
import { UserFilters } from './user-filters.tsx';
import { UserList } from './user-list.tsx';
import { UserPanel } from './user-panel.tsx';

/** The users with their licenses, and beside them the card of the one that is open. */
export function Component() {
  const text = useText();
  const address = useAddress();
  const navigate = useNavigate();
  const readOnly = useReadOnlyReason();
  const { tenant } = usePlace();
  const [filters] = useUserFilters();
  const [isAdding, setAdding] = useState(false);
  const { user: part } = useParams();
  const user = part === undefined ? undefined : decodeSegment(part);
  const go = (next: string | undefined) =>
    void navigate({ pathname: address('users', ...(next === undefined ? [] : [next])), search: location.search });
  const isFiltered = filters.q !== undefined || (filters.show ?? 'all') !== 'all';
  const save = () => saveCards(tenant, filters).catch((error) => sayFailed(<ProblemText problem={error} />));
  return (
    <>
      <PageHead
        title={text('users.title')}
        actions={
          <>
            <Button icon={Download} onPress={() => void save()} why={isFiltered ? text('users.csv-folder') : undefined}>
              <T id="words.csv" />
            </Button>
            <Button icon={UserPlus} variant="primary" onPress={() => setAdding(true)} why={readOnly}>
              <T id="users.add" />
            </Button>
          </>
        }
      />
      <div className="users" data-open={user !== undefined || undefined}>
        <div className="users-list">
          <UserFilters />
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

function saveCards(tenant: string, { folder }: Filters): Promise<void> {
  const query = { ...(folder !== undefined && { folder: toPath(folder) }), format: 'csv' as const };
  return saveExport(
    'users.csv',
    (cursor) =>
      api.GET('/tenants/{tenant}/exports/user-cards', {
        params: { path: { tenant }, query: { ...query, cursor } },
        parseAs: 'text',
      }),
    (status, error) => Problem.of(status, error),
  );
}
