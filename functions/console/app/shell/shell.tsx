import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Outlet, useLocation, useParams } from 'react-router';
import { decodeSegment } from '../api/path-segment.ts';
import { tenantKey } from '../api/queries.ts';
import { readTenant } from '../settings/tenant-settings.ts';
import { T } from '../texts/text.tsx';
import { Drawer } from '../ui/drawer.tsx';
import { Loading } from '../ui/loading.tsx';
import { Instant } from '../ui/time.tsx';
import { DropAnywhere } from './drop-anywhere.tsx';
import { PlaceContext, useMe, usePlace } from './me.ts';
import { Navigation } from './navigation.tsx';
import { OperatorBanner } from './operator-banner.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { PageFaultView } from './page-fault.tsx';
import { dayIn, useServiceNow } from './service-time.ts';
import { TopBar } from './top-bar.tsx';
import { WaitLine } from './wait-line.tsx';

// What opens on demand is loaded on demand.
const Palette = lazy(async () => ({ default: (await import('./on-demand.ts')).Palette }));
const ActivityDrawer = lazy(async () => ({ default: (await import('./on-demand.ts')).ActivityDrawer }));

/** What every page has around it: the navigation, the bar at the top, the palette and the drawers. */
export function Shell() {
  const me = useMe();
  const { tenant: part } = useParams();
  const [drawer, setDrawer] = useState<'navigation' | 'activity' | 'palette'>();
  const close = () => setDrawer(undefined);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setDrawer((open) => (open === 'palette' ? undefined : 'palette'));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const tenant = part === undefined ? (me.data?.tenant ?? '') : decodeSegment(part);
  const visited = useQuery({
    queryKey: [...tenantKey(tenant), 'settings'],
    queryFn: ({ signal }) => readTenant(tenant, signal),
    enabled: me.data?.role === 'operator' && tenant !== '',
  });
  const caller = me.data;
  // An operator has no zone, so what belongs to no tenant is shown in UTC.
  const timeZone = caller?.timeZone ?? visited.data?.settings.timeZone ?? 'UTC';
  // The same one while somebody goes from page to page, or all that show a time would be rendered again.
  const place = useMemo(
    () =>
      caller && {
        caller,
        tenant,
        timeZone,
        today: caller.today ?? dayIn(timeZone, Date.parse(caller.now)),
        mayChange: caller.role === 'administrator',
      },
    [caller, tenant, timeZone],
  );
  if (me.isPending || visited.isLoading) return <Loading />;
  if (me.isError || place === undefined) return <PageFaultView error={me.error} onRetry={() => void me.refetch()} />;
  return (
    <PlaceContext value={place}>
      <SkipLink />
      <div className="shell">
        <aside className="shell-side">
          <Brand />
          <Navigation />
        </aside>
        <div className="shell-main">
          <TopBar onOpen={setDrawer} />
          {place.caller.role === 'operator' && tenant !== '' && <OperatorBanner tenant={tenant} />}
          <WaitLine />
          <Printed />
          <Page />
        </div>
      </div>
      {drawer === 'navigation' && (
        <Drawer side="start" title={<T id="shell.product" />} onClose={close}>
          <Navigation onGo={close} />
        </Drawer>
      )}
      <Suspense>
        {drawer === 'activity' && <ActivityDrawer onClose={close} />}
        {drawer === 'palette' && <Palette onClose={close} />}
      </Suspense>
      {place.mayChange && tenant !== '' && <DropAnywhere />}
    </PlaceContext>
  );
}

function SkipLink() {
  return (
    <a href="#page" className="skip-link">
      <T id="shell.skip" />
    </a>
  );
}

/** Says on paper where, by whom and when a page was printed. */
function Printed() {
  const { caller, tenant } = usePlace();
  const at = new Date(useServiceNow(caller)).toISOString();
  return (
    <p className="only-print printed">
      <T id="shell.printed" values={{ tenant, name: caller.name ?? caller.actor, at: <Instant at={at} /> }} />
    </p>
  );
}

function Brand() {
  return (
    <p className="brand">
      <T id="shell.product" />
    </p>
  );
}

/** A page that fails leaves the navigation, and the next page begins anew. */
function Page() {
  const { pathname, search } = useLocation();
  return (
    <main className="page" id="page" tabIndex={-1} data-path={pathname}>
      <PageBoundary key={pathname.split('/').slice(0, 4).join('/')} place={`${pathname}${search}`}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </PageBoundary>
    </main>
  );
}
