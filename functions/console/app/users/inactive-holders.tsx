import { CalendarCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Answer } from '../api/types.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { FolderName } from '../ui/names.tsx';
import type { Column } from '../ui/table/column.ts';
import { Instant } from '../ui/time.tsx';
import { toPath, useUserFilters } from './filters.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { useInactiveHolders } from './user-queries.ts';
import { NOBODY, UserTable } from './user-table.tsx';

type Holder = Answer<'/tenants/{tenant}/inactive-holders'>['holders'][number];

type InactiveHoldersProps = { readonly openUser: string | undefined; readonly onOpen: (user: string) => void };

/** Users who hold dedicated licenses and were not seen for some days, with the release of what they hold. */
export function InactiveHolders({ openUser, onOpen }: InactiveHoldersProps) {
  const text = useText();
  const { tenant } = usePlace();
  const readOnly = useReadOnlyReason();
  const [{ folder, days = '90' }] = useUserFilters();
  const columns = useColumns();
  const [keys, setKeys] = useState(NOBODY);
  const [isReleasing, setReleasing] = useState(false);
  const found = useInactiveHolders(tenant, {
    days: Number(days),
    ...(folder !== undefined && { folder: toPath(folder) }),
  });
  const rows = useMemo(() => found.data?.pages.flatMap((page) => page.holders) ?? [], [found.data]);
  const licenses = rows.filter(({ user }) => keys.has(user)).flatMap((holder) => holder.licenses);
  return (
    <>
      <UserTable
        label={text('users.show-inactive')}
        columns={columns}
        rows={rows}
        found={found}
        selection={{ keys, onChange: setKeys }}
        action={
          <Button variant="primary" onPress={() => setReleasing(true)} why={readOnly}>
            <T id="users.release-count" values={{ count: licenses.length }} />
          </Button>
        }
        openUser={openUser}
        onOpen={onOpen}
        empty={
          <Empty icon={CalendarCheck} title={<T id="users.nobody-inactive" />}>
            <p>
              <T id="users.nobody-inactive-hint" />
            </p>
          </Empty>
        }
      />
      {isReleasing && (
        <ReleaseDialog licenses={licenses} onClose={() => setReleasing(false)} onDone={() => setKeys(NOBODY)} />
      )}
    </>
  );
}

function useColumns(): readonly Column<Holder>[] {
  const text = useText();
  return useMemo(() => columnsOf(text), [text]);
}

function columnsOf(text: ReturnType<typeof useText>): readonly Column<Holder>[] {
  return [
    {
      id: 'user',
      head: text('users.user'),
      width: 120,
      grows: 1.2,
      cell: ({ user, name }) => (
        <bdi translate="no" className="users-name">
          {name ?? user}
        </bdi>
      ),
    },
    {
      id: 'seen',
      head: text('users.last-seen'),
      width: 150,
      cell: ({ lastSeen }) =>
        lastSeen === undefined ? (
          <span className="muted">
            <T id="users.never" />
          </span>
        ) : (
          <Instant at={lastSeen} />
        ),
    },
    {
      id: 'licenses',
      head: text('users.holds'),
      width: 130,
      grows: 1.2,
      rank: 1,
      cell: ({ licenses }) => (
        <bdi translate="no" className="serial">
          {licenses.map(({ serialNumber }) => serialNumber).join(', ')}
        </bdi>
      ),
    },
    {
      id: 'folder',
      head: text('users.folder'),
      width: 130,
      grows: 1,
      rank: 2,
      cell: ({ folder }) => <FolderName path={folder} />,
    },
  ];
}
