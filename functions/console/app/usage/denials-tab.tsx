import { CircleCheck } from 'lucide-react';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { useAddress } from '../ui/names.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { TextLink } from '../ui/text-link.tsx';
import { Day } from '../ui/time.tsx';
import { daysUntil, type Period } from './period.ts';
import { FolderPath } from './pool-name.tsx';
import { usePeaks } from './queries.ts';

/** A day that leads to the people who were denied on it. */
function DeniedOn({ day }: { readonly day: string }) {
  const address = useAddress();
  return (
    <TextLink to={`${address('history')}?${new URLSearchParams({ kind: 'denied', from: day, to: day })}`}>
      <Day day={day} />
    </TextLink>
  );
}

/** Who was denied why: by reason in the whole period, then by day and folder. */
export function DenialsTab({ days }: { readonly days: Period }) {
  const text = useText();
  const { tenant, today } = usePlace();
  const byDay = usePeaks(tenant, 'day', daysUntil(today, Number(days)));
  if (byDay.isPending) return <Loading />;
  if (byDay.isError) return <PageFaultView error={byDay.error} onRetry={() => void byDay.refetch()} />;
  const rows = byDay.data.flatMap(({ day, denials }) => denials.map((denial) => ({ day, ...denial }))).toReversed();
  if (rows.length === 0) return <Empty icon={CircleCheck} title={<T id="usage.no-denials" />} />;
  const reasons = [...new Set(rows.map(({ reason }) => reason))]
    .map((reason) => ({
      reason,
      count: rows.filter((row) => row.reason === reason).reduce((sum, { count }) => sum + count, 0),
    }))
    .toSorted((a, b) => b.count - a.count);
  const most = Math.max(...reasons.map(({ count }) => count));
  return (
    <div className="blocks">
      <ul className="reasons">
        {reasons.map(({ reason, count }) => (
          <li key={reason} className="reason">
            <span className="reason-text">
              <T id={`usage.reason-${reason}`} />
            </span>
            <span className="reason-bar" aria-hidden>
              <span className="reason-fill" style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span className="number">{count}</span>
          </li>
        ))}
      </ul>
      <SimpleTable
        caption={text('usage.tab-denials')}
        columns={[
          { id: 'day', head: text('usage.day'), cell: ({ day }) => <DeniedOn day={day} /> },
          { id: 'folder', head: text('usage.folder'), cell: ({ folder }) => <FolderPath folder={folder} /> },
          { id: 'access', head: text('usage.needed-right'), cell: ({ access }) => <T id={`usage.access-${access}`} /> },
          { id: 'reason', head: text('usage.reason'), cell: ({ reason }) => <T id={`usage.reason-${reason}`} /> },
          { id: 'count', head: text('usage.denied-times'), isNumber: true, cell: ({ count }) => count },
          { id: 'users', head: text('usage.denied-people'), isNumber: true, cell: ({ users }) => users },
        ]}
        rows={rows}
        rowKey={({ day, folder, access, reason }) => [day, folder, access, reason].join(' ')}
      />
    </div>
  );
}
