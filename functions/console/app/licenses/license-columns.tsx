import { useMemo } from 'react';
import type { License } from '../api/types.ts';
import { T, useText } from '../texts/text.tsx';
import { FolderName, LicenseClass, PersonName } from '../ui/names.tsx';
import type { Column } from '../ui/table/column.ts';
import { Day, daysBetween, Instant } from '../ui/time.tsx';
import { StateChip } from './license-state.tsx';

const SOON_DAYS = 30;

type Sorting = { readonly byLastDay: boolean; readonly onSort: (byLastDay: boolean) => void };

export function useLicenseColumns(today: string, { byLastDay, onSort }: Sorting): readonly Column<License>[] {
  const text = useText();
  return useMemo(() => licenseColumns(text, today, byLastDay, onSort), [text, today, byLastDay, onSort]);
}

function licenseColumns(
  text: ReturnType<typeof useText>,
  today: string,
  byLastDay: boolean,
  onSort: Sorting['onSort'],
): readonly Column<License>[] {
  return [
    {
      id: 'serial',
      head: text('licenses.serial'),
      width: 138,
      grows: 1,
      cell: ({ serialNumber }) => (
        <bdi translate="no" className="serial">
          {serialNumber}
        </bdi>
      ),
      sort: { isSorted: !byLastDay, onSort: () => onSort(false) },
    },
    {
      id: 'state',
      head: text('licenses.state'),
      width: 116,
      cell: ({ state }) => <StateChip state={state} />,
    },
    {
      id: 'holder',
      head: text('licenses.holder'),
      width: 124,
      grows: 1.2,
      rank: 1,
      cell: (license) => <Holder license={license} />,
    },
    {
      id: 'class',
      head: text('licenses.class'),
      width: 200,
      grows: 1.4,
      rank: 2,
      cell: (license) => <LicenseClass license={license} />,
    },
    {
      id: 'last-day',
      head: text('licenses.last-day'),
      width: 186,
      rank: 3,
      cell: ({ expiresOn, state }) => <LastDay day={expiresOn} today={today} isOver={state === 'expired'} />,
      sort: { isSorted: byLastDay, onSort: () => onSort(true) },
    },
    {
      id: 'folder',
      head: text('licenses.folder'),
      width: 130,
      grows: 1,
      rank: 4,
      cell: ({ folder }) => <FolderName path={folder} />,
    },
    {
      id: 'since',
      head: text('licenses.since'),
      width: 150,
      rank: 5,
      cell: ({ since }) => since !== undefined && <Instant at={since} />,
    },
  ];
}

/** Who has the license: the user who works on it, before the one it is assigned to. */
function Holder({ license }: { readonly license: License }) {
  const { currentUser, currentUserName, assignedTo, assignedToName } = license;
  if (currentUser !== undefined) return <PersonName user={currentUser} name={currentUserName} />;
  return assignedTo === undefined ? null : <PersonName user={assignedTo} name={assignedToName} />;
}

type LastDayProps = { readonly day: string | undefined; readonly today: string; readonly isOver: boolean };

/** The last day of a license, with the days that are left when they are few. */
export function LastDay({ day, today, isOver }: LastDayProps) {
  if (day === undefined) return <T id="licenses.forever" />;
  const left = daysBetween(today, day);
  return (
    <>
      <Day day={day} />
      {!isOver && left >= 0 && left <= SOON_DAYS && (
        <span className="days-left">
          <T id="licenses.days-left" values={{ count: left }} />
        </span>
      )}
    </>
  );
}
