import { useMemo } from 'react';
import type { UserCardRow } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';
import { Chip } from '../ui/chip.tsx';
import { FolderName } from '../ui/names.tsx';
import type { Column } from '../ui/table/column.ts';
import { Instant } from '../ui/time.tsx';
import { TruthChip } from './license-truth.tsx';

export function useUserColumns(): readonly Column<UserCardRow>[] {
  const text = useText();
  return useMemo(() => userColumns(text), [text]);
}

function userColumns(text: ReturnType<typeof useText>): readonly Column<UserCardRow>[] {
  return [
    {
      id: 'user',
      head: text('users.user'),
      width: 136,
      grows: 1.4,
      cell: ({ user, name }) => (
        <>
          <bdi translate="no" className="users-name">
            {name ?? user}
          </bdi>
          {name !== undefined && (
            <bdi translate="no" className="muted">
              {' '}
              {user}
            </bdi>
          )}
        </>
      ),
    },
    {
      id: 'license',
      head: text('users.license'),
      width: 120,
      cell: ({ licenseInformationCode }) => <TruthChip code={licenseInformationCode} />,
    },
    {
      id: 'serial',
      head: text('users.serial'),
      width: 110,
      grows: 0.8,
      rank: 3,
      cell: ({ licenseInformationMembers }) => (
        <bdi translate="no" className="serial">
          {licenseInformationMembers?.['serialNumber']}
        </bdi>
      ),
    },
    {
      id: 'folder',
      head: text('users.folder'),
      width: 130,
      grows: 1.2,
      rank: 1,
      cell: ({ folder }) => <FolderName path={folder} />,
    },
    {
      id: 'needs',
      head: text('users.needs'),
      width: 150,
      grows: 0.6,
      rank: 4,
      cell: ({ access, level }) => (
        <>
          <T id={`words.level-${level}`} /> · <T id={`words.access-${access}`} />
        </>
      ),
    },
    {
      id: 'last-seen',
      head: text('users.last-seen'),
      width: 164,
      rank: 2,
      cell: ({ lastSeen, leaver }) =>
        leaver !== undefined ? (
          <Chip tone="warning" mark="cross">
            <T id={`users.leaver-${leaver.note}`} />
          </Chip>
        ) : lastSeen === undefined ? (
          <span className="muted">
            <T id="users.never" />
          </span>
        ) : (
          <Instant at={lastSeen} />
        ),
    },
  ];
}
