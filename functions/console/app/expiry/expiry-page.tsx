import { useQuery } from '@tanstack/react-query';
import { CalendarClock, Printer, Rss } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { tenantKey } from '../api/queries.ts';
import { someDay, useAddressQuery, yes } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, daysBetween } from '../ui/time.tsx';
import { FeedsDialog } from './feeds-dialog.tsx';
import { OneDay } from './one-day.tsx';
import { YearCalendar } from './year-calendar.tsx';

const READINGS = { day: someDay, feeds: yes };

/** On which days of the coming year licenses end, and whom that concerns. */
export function Component() {
  const text = useText();
  const { tenant } = usePlace();
  const [{ feeds }, change] = useAddressQuery(READINGS);
  return (
    <>
      <PageHead
        title={text('expiry.title')}
        actions={
          <>
            <Button icon={Rss} onPress={() => change({ feeds: true })}>
              <T id="expiry.feeds" />
            </Button>
            <Button icon={Printer} onPress={() => print()}>
              <T id="expiry.print" />
            </Button>
          </>
        }
      />
      <Year />
      {feeds === true && <FeedsDialog tenant={tenant} onClose={() => change({ feeds: undefined })} />}
    </>
  );
}

function Year() {
  const text = useText();
  const { tenant, today } = usePlace();
  const [{ day: chosen }, change] = useAddressQuery(READINGS);
  const calendar = useQuery({
    queryKey: [...tenantKey(tenant), 'expiry-calendar'],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/expiry-calendar', { params: { path: { tenant } }, signal })),
  });
  if (calendar.isPending) return <Loading />;
  if (calendar.isError) return <PageFaultView error={calendar.error} onRetry={() => void calendar.refetch()} />;
  const { from, to, days } = calendar.data;
  const next = days[0];
  if (next === undefined) {
    return (
      <Empty icon={CalendarClock} title={<T id="expiry.nothing-ends" />}>
        <TextLink to={`/t/${encodeSegment(tenant)}/licenses`}>
          <T id="expiry.to-licenses" />
        </TextLink>
      </Empty>
    );
  }
  const found = days.find(({ day }) => day === chosen);
  return (
    <div className="page-part expiry">
      <p>
        <T
          id="expiry.next"
          values={{
            licenses: next.licenses,
            users: next.users,
            left: daysBetween(today, next.day),
            day: <Day day={next.day} />,
          }}
        />
      </p>
      <div className="expiry-year">
        <YearCalendar
          from={from}
          to={to}
          days={days}
          today={today}
          chosen={chosen}
          onChoose={(day) => change({ day: day === chosen ? undefined : day }, { replace: true })}
        />
        <OneDay key={chosen} day={found ?? next} />
      </div>
      <section className="block">
        <h2>
          <T id="expiry.all-days" />
        </h2>
        <SimpleTable
          caption={text('expiry.all-days')}
          columns={[
            { id: 'day', head: text('expiry.last-day'), cell: ({ day }) => <Day day={day} /> },
            { id: 'left', head: text('expiry.days-left'), isNumber: true, cell: ({ day }) => daysBetween(today, day) },
            { id: 'licenses', head: text('expiry.licenses'), isNumber: true, cell: ({ licenses }) => licenses },
            { id: 'users', head: text('expiry.users'), isNumber: true, cell: ({ users }) => users },
            {
              id: 'plan',
              head: text('expiry.renewal'),
              cell: ({ day }) => (
                <TextLink to={`/t/${encodeSegment(tenant)}/renewals?plan=yes&day=${day}`}>
                  <T id="expiry.plan" />
                </TextLink>
              ),
            },
          ]}
          rows={days}
          rowKey={({ day }) => day}
        />
      </section>
    </div>
  );
}
