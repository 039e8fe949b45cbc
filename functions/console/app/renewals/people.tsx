import { UserCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Answer, RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName } from '../ui/names.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { Day, daysBetween } from '../ui/time.tsx';
import { useRenewal, useRenewalEndings } from './queries.ts';

type Endings = Answer<'/tenants/{tenant}/renewals/{renewalId}/endings'>;
type Person = Endings['people'][number];

/** Who loses a license and from when, who works on an old one, and whose need is in doubt. Names, not numbers. */
export function People({ renewal }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  const text = useText();
  const endings = useRenewalEndings(tenant, renewal);
  const whole = useRenewal(tenant, renewal);
  if (endings.isError) return <PageFaultView error={endings.error} onRetry={() => void endings.refetch()} />;
  if (whole.isError) return <PageFaultView error={whole.error} onRetry={() => void whole.refetch()} />;
  if (endings.isPending || whole.isPending) return <Loading />;
  const people = endings.data.pages.flatMap((page) => page.people);
  const days = endings.data.pages[0]?.days ?? [];
  const { waitsInZOld, usersWithoutAccess, secondLicenses } = whole.data;
  const isNobody = [people, waitsInZOld, usersWithoutAccess, secondLicenses].every(({ length }) => length === 0);
  return (
    <div className="blocks">
      {isNobody && (
        <Empty icon={UserCheck} title={<T id="renewals.nobody-loses" />}>
          <p>
            <T id="renewals.nobody-loses-text" />
          </p>
        </Empty>
      )}
      {people.length > 0 && (
        <section className="block">
          <h2>
            <T id="renewals.people-without" values={{ count: people.length }} />
          </h2>
          <PeopleTable people={people} />
          {endings.hasNextPage && (
            <div>
              <Button isPending={endings.isFetchingNextPage} onPress={() => void endings.fetchNextPage()}>
                <T id="renewals.more" />
              </Button>
            </div>
          )}
        </section>
      )}
      <Waiting title={<T id="renewals.waits-in-z-old" values={{ count: waitsInZOld.length }} />} users={waitsInZOld}>
        <T id="renewals.waits-in-z-old-text" />
      </Waiting>
      <Waiting
        title={<T id="renewals.without-access" values={{ count: usersWithoutAccess.length }} />}
        users={usersWithoutAccess}
      >
        <T id="renewals.without-access-text" />
      </Waiting>
      <Waiting
        title={<T id="renewals.second-licenses" values={{ count: secondLicenses.length }} />}
        users={secondLicenses}
      >
        <T id="renewals.second-licenses-text" />
      </Waiting>
      {days.length > 0 && (
        <section className="block">
          <h2>
            <T id="renewals.by-ending-day" />
          </h2>
          <SimpleTable
            caption={text('renewals.by-ending-day')}
            rows={days}
            rowKey={({ day }) => day}
            columns={[
              { id: 'day', head: text('renewals.last-day'), cell: ({ day }) => <Day day={day} /> },
              { id: 'ends', head: text('renewals.ends'), isNumber: true, cell: ({ ends }) => ends },
              {
                id: 'replaced',
                head: text('renewals.part-replaced'),
                isNumber: true,
                cell: ({ replaced }) => replaced,
              },
              {
                id: 'extended',
                head: text('renewals.part-extended'),
                isNumber: true,
                cell: ({ extended }) => extended,
              },
              {
                id: 'short',
                head: text('renewals.part-shortfall'),
                isNumber: true,
                cell: ({ withoutReplacement }) => withoutReplacement,
              },
            ]}
          />
        </section>
      )}
    </div>
  );
}

/** Those who have nothing left come first, then those with the longest gap. */
const byHarm = (one: Person, other: Person) =>
  Math.min(one.keeps.length, 1) - Math.min(other.keeps.length, 1) || gapOf(other) - gapOf(one);

const gapOf = ({ from, until }: Person) => (until === undefined ? Number.POSITIVE_INFINITY : daysBetween(from, until));

function PeopleTable({ people }: { readonly people: readonly Person[] }) {
  const text = useText();
  const longest = Math.max(1, ...people.map(gapOf).filter(Number.isFinite));
  return (
    <SimpleTable
      caption={text('renewals.people-without', { count: people.length })}
      rows={people.toSorted(byHarm)}
      rowKey={({ user, serialNumber }) => `${user} ${serialNumber}`}
      columns={[
        { id: 'user', head: text('renewals.user'), cell: ({ user, name }) => <bdi title={user}>{name ?? user}</bdi> },
        { id: 'license', head: text('renewals.loses-license'), cell: (one) => <bdi>{one.serialNumber}</bdi> },
        {
          id: 'class',
          head: text('renewals.class'),
          cell: (one) => (
            <>
              <ClassName of={one.class} /> · <FolderName path={one.folder} />
            </>
          ),
        },
        { id: 'from', head: text('renewals.without-from'), cell: ({ from }) => <Day day={from} /> },
        {
          id: 'gap',
          head: text('renewals.without-for'),
          cell: (one) => (
            <span className="gap" data-open={one.until === undefined || undefined}>
              <span
                className="gap-bar"
                aria-hidden
                style={{ width: `${one.until === undefined ? 100 : Math.max(4, (gapOf(one) / longest) * 100)}%` }}
              />
              {one.until === undefined ? (
                <T id="renewals.for-good" />
              ) : (
                <T id="renewals.days" values={{ count: gapOf(one) }} />
              )}
            </span>
          ),
        },
        {
          id: 'keeps',
          head: text('renewals.keeps'),
          cell: ({ keeps }) =>
            keeps.length === 0 ? <T id="renewals.keeps-nothing" /> : <bdi translate="no">{keeps.join(', ')}</bdi>,
        },
      ]}
    />
  );
}

type WaitingProps = {
  readonly title: ReactNode;
  readonly users: readonly { readonly serialNumber: string; readonly user: string; readonly name?: string }[];
  readonly children: ReactNode;
};

function Waiting({ title, users, children }: WaitingProps) {
  if (users.length === 0) return null;
  return (
    <section className="block">
      <h2>{title}</h2>
      <p className="muted">{children}</p>
      <ul className="names">
        {users.map(({ serialNumber, user, name }) => (
          <li key={`${user} ${serialNumber}`} className="name">
            <bdi title={user}>{name ?? user}</bdi>{' '}
            <bdi className="muted" translate="no">
              {serialNumber}
            </bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
