import { useQuery } from '@tanstack/react-query';
import {
  CalendarClock,
  CircleCheck,
  CircleX,
  FileX,
  FolderTree,
  Hourglass,
  type LucideIcon,
  OctagonAlert,
  RefreshCw,
  UserX,
} from 'lucide-react';
import { Link } from 'react-router';
import { api, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { ROOT } from '../licenses/filters.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName, LicenseClass } from '../ui/names.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Day, Instant } from '../ui/time.tsx';
import type { Notice } from './notices.ts';
import { useNotices } from './use-notices.ts';

type Pool = Answer<'/tenants/{tenant}/pools'>['pools'][number];

/** What needs me, and how full the pools are. */
export function Component() {
  const text = useText();
  const { today } = usePlace();
  return (
    <div className="today">
      <PageHead title={text('today.title')} note={<Day day={today} />} />
      <div className="today-body">
        <Needs />
        <Pools />
      </div>
    </div>
  );
}

function Needs() {
  const { tenant } = usePlace();
  const { notices, isPending, error, lastImport, retry } = useNotices(tenant);
  return (
    <section className="today-needs" aria-labelledby="needs">
      <h2 id="needs">
        <T id="today.needs" />
      </h2>
      <ul className="needs">
        {notices.map((notice) => (
          <Need key={notice.kind} notice={notice} />
        ))}
      </ul>
      {isPending && <Loading />}
      {error !== undefined && error !== null && <PageFaultView error={error} onRetry={() => void retry()} />}
      {!isPending && notices.length === 0 && !error && (
        <Empty icon={CircleCheck} title={<T id="today.nothing" />}>
          <p>
            <T id="today.nothing-explanation" />
          </p>
        </Empty>
      )}
      {lastImport !== undefined && (
        <p className="muted today-import">
          <T id={`today.import-${lastImport.status}`} values={{ at: <Instant at={lastImport.receivedAt} /> }} />
        </p>
      )}
    </section>
  );
}

const LOOKS: Readonly<
  Record<Notice['kind'], { readonly icon: LucideIcon; readonly tone: 'danger' | 'warning' | 'busy' }>
> = {
  stopped: { icon: OctagonAlert, tone: 'danger' },
  rejected: { icon: FileX, tone: 'danger' },
  denied: { icon: CircleX, tone: 'danger' },
  overdue: { icon: Hourglass, tone: 'warning' },
  expiring: { icon: CalendarClock, tone: 'warning' },
  waiting: { icon: RefreshCw, tone: 'busy' },
  inactive: { icon: UserX, tone: 'busy' },
  layout: { icon: FolderTree, tone: 'busy' },
};

function Need({ notice: { kind, count, users, to } }: { readonly notice: Notice }) {
  const { tenant } = usePlace();
  const { icon: Icon, tone } = LOOKS[kind];
  return (
    <li>
      <Link className="need" data-tone={tone} to={`/t/${encodeSegment(tenant)}/${to}`}>
        <Icon size={18} strokeWidth={1.75} aria-hidden />
        <span className="need-text">
          <T id={`today.need-${kind}`} values={{ count }} />
          {users > 0 && (
            <span className="muted need-users">
              <T id="today.users" values={{ count: users }} />
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

function Pools() {
  const text = useText();
  const { tenant } = usePlace();
  const pools = useQuery({
    queryKey: [...tenantKey(tenant), 'pools'],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/pools', { params: { path: { tenant } }, signal })),
  });
  return (
    <section className="today-pools" aria-labelledby="pools">
      <h2 id="pools">
        <T id="today.pools" />
      </h2>
      {pools.isPending ? (
        <Loading />
      ) : pools.isError ? (
        <PageFaultView error={pools.error} onRetry={() => void pools.refetch()} />
      ) : pools.data.pools.length === 0 ? (
        <p className="muted">
          <T id="today.no-pools" />
        </p>
      ) : (
        <div className="pools-scroller">
          <table className="pools">
            <thead>
              <tr>
                <th scope="col">{text('licenses.class')}</th>
                <th scope="col">{text('licenses.folder')}</th>
                <th scope="col" className="pool-number">
                  {text('today.free')}
                </th>
                <th scope="col" className="pool-number">
                  {text('today.owned')}
                </th>
                <th scope="col">{text('today.use')}</th>
              </tr>
            </thead>
            <tbody>
              {pools.data.pools.map((pool) => (
                <PoolRow key={`${pool.type}.${pool.access}.${pool.modules}.${pool.folder}`} pool={pool} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The parts of a pool in the order of the bar. */
const PARTS = ['inUse', 'releasing', 'assigned', 'heldBack', 'setAside', 'expired'] as const;

function PoolRow({ pool }: { readonly pool: Pool }) {
  const text = useText();
  const { tenant } = usePlace();
  const { folder, type, access, modules, free, owned } = pool;
  const query = new URLSearchParams({ folder: folder === '' ? ROOT : folder, type, access, modules });
  const used = PARTS.flatMap((part) => (pool[part] > 0 ? [{ part, count: pool[part] }] : []));
  return (
    <tr>
      <th scope="row">
        <Link className="link" to={`/t/${encodeSegment(tenant)}/licenses?${query}`}>
          <LicenseClass license={pool} />
        </Link>
      </th>
      <td>
        <FolderName path={folder} />
      </td>
      <td className="pool-number" data-low={free === 0 || undefined}>
        {free}
      </td>
      <td className="pool-number">{owned}</td>
      <td className="pool-use">
        <span className="pool-bar" aria-hidden>
          {used.map(({ part, count }) => (
            <span key={part} className="pool-part" data-part={part} style={{ width: `${(100 * count) / owned}%` }} />
          ))}
        </span>
        <span className="muted">{used.map(({ part, count }) => text(`today.part-${part}`, { count })).join(', ')}</span>
      </td>
    </tr>
  );
}
