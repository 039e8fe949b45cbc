import { useState } from 'react';
import { Outlet, useLocation, useNavigation, useParams } from 'react-router';
import { decodeSegment } from '../api/path-segment.ts';
import { T, useText } from '../texts/text.tsx';
import { Drawer } from '../ui/drawer.tsx';
import { Loading } from '../ui/loading.tsx';
import { ActivityDrawer } from './activity-drawer.tsx';
import { DropAnywhere } from './drop-anywhere.tsx';
import { PlaceContext, useMe } from './me.ts';
import { Navigation } from './navigation.tsx';
import { OperatorBanner } from './operator-banner.tsx';
import { PageFaultView } from './page-fault.tsx';
import { Palette } from './palette.tsx';
import { dayIn } from './service-time.ts';
import { TopBar } from './top-bar.tsx';

/** What every page has around it: the navigation, the bar at the top, the palette and the drawers. */
export function Shell() {
  const me = useMe();
  const { tenant: part } = useParams();
  const [drawer, setDrawer] = useState<'navigation' | 'activity' | 'palette'>();
  const close = () => setDrawer(undefined);
  if (me.isPending) return <Loading />;
  if (me.isError) return <PageFaultView error={me.error} onRetry={() => void me.refetch()} />;
  const caller = me.data;
  const tenant = part === undefined ? (caller.tenant ?? '') : decodeSegment(part);
  const timeZone = caller.timeZone ?? 'UTC';
  const place = {
    caller,
    tenant,
    timeZone,
    today: caller.today ?? dayIn(timeZone, Date.parse(caller.now)),
    mayChange: caller.role === 'administrator',
  };
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
          {caller.role === 'operator' && tenant !== '' && <OperatorBanner tenant={tenant} />}
          <Page />
        </div>
      </div>
      {drawer === 'navigation' && (
        <Drawer side="start" title={<T id="shell.product" />} onClose={close}>
          <Navigation onGo={close} />
        </Drawer>
      )}
      {drawer === 'activity' && <ActivityDrawer onClose={close} />}
      <Palette isOpen={drawer === 'palette'} onOpenChange={(isOpen) => setDrawer(isOpen ? 'palette' : undefined)} />
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

function Brand() {
  return (
    <p className="brand">
      <T id="shell.product" />
    </p>
  );
}

function Page() {
  const text = useText();
  const { state } = useNavigation();
  const { pathname } = useLocation();
  const isLoading = state === 'loading';
  return (
    <main className="page" id="page" tabIndex={-1} aria-busy={isLoading} data-path={pathname}>
      {isLoading && <div className="page-progress" role="progressbar" aria-label={text('ui.loading')} />}
      <Outlet />
    </main>
  );
}
