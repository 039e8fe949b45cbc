import { encodeSegment } from '../api/path-segment.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Chip } from '../ui/chip.tsx';
import { Loading } from '../ui/loading.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { useDraining } from './queries.ts';

/** Who still works on a license that was set aside. It is deleted when the last session on it has ended. */
export function Drain() {
  const { tenant } = usePlace();
  const text = useText();
  const found = useDraining(tenant);
  if (found.isPending) return <Loading />;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const licenses = found.data.licenses.filter(({ why }) => why === 'set-aside');
  return (
    <section className="block">
      <h2>
        {licenses.length === 0 ? (
          <T id="renewals.drain-none" />
        ) : (
          <T id="renewals.drain" values={{ count: licenses.length }} />
        )}
      </h2>
      <p className="muted">
        <T id={licenses.length === 0 ? 'renewals.drain-empty' : 'renewals.drain-text'} />
      </p>
      {licenses.length > 0 && (
        <SimpleTable
          caption={text('renewals.drain', { count: licenses.length })}
          rows={licenses}
          rowKey={({ serialNumber }) => serialNumber}
          columns={[
            { id: 'license', head: text('renewals.license'), cell: (one) => <bdi>{one.serialNumber}</bdi> },
            {
              id: 'user',
              head: text('renewals.user'),
              cell: ({ currentUser, currentUserName }) =>
                currentUser !== undefined && (
                  <TextLink to={`/t/${encodeSegment(tenant)}/users/${encodeSegment(currentUser)}`}>
                    <bdi>{currentUserName ?? currentUser}</bdi>
                  </TextLink>
                ),
            },
            { id: 'since', head: text('renewals.since'), cell: ({ since }) => since && <Instant at={since} /> },
            {
              id: 'aside',
              head: text('renewals.set-aside-on'),
              cell: ({ setAsideOn, overdue }) => (
                <span className="drain-day">
                  {setAsideOn !== undefined && <Day day={setAsideOn} />}
                  {overdue && (
                    <Chip tone="danger" mark="cross">
                      <T id="renewals.overdue" />
                    </Chip>
                  )}
                </span>
              ),
            },
          ]}
        />
      )}
    </section>
  );
}
