import { useQuery } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { License } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Facts } from '../ui/facts.tsx';
import { Loading } from '../ui/loading.tsx';
import { type Action, ActionMenu } from '../ui/menu.tsx';
import { FolderName, LicenseClass, PersonName } from '../ui/names.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Day, Instant } from '../ui/time.tsx';
import type { TABS } from './filters.ts';
import { LicenseAsOf } from './license-as-of.tsx';
import { LastDay } from './license-columns.tsx';
import { LicenseHistory } from './license-history.tsx';
import { StateChip } from './license-state.tsx';

type Tab = (typeof TABS)[number];

type LicensePanelProps = {
  readonly serialNumber: string;
  readonly tab: Tab;
  readonly at: string | undefined;
  readonly onTab: (tab: Tab) => void;
  /** Shows how it was at an instant. */
  readonly onAt: (at: string | undefined) => void;
  readonly actions: (license: License) => readonly Action[];
  readonly onClose: () => void;
};

/** One license beside the list: as it is now, its history, and as it was at an instant. */
export function LicensePanel({ serialNumber, tab, at, onTab, onAt, actions, onClose }: LicensePanelProps) {
  const text = useText();
  const { tenant } = usePlace();
  const path = { tenant, serialNumber };
  const license = useQuery({
    queryKey: [...tenantKey(tenant), 'license', serialNumber],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/licenses/{serialNumber}', { params: { path }, signal })),
  });
  return (
    <Panel
      about={serialNumber}
      label={text('licenses.license', { name: serialNumber })}
      name={serialNumber}
      onClose={onClose}
      actions={
        license.data !== undefined && (
          <ActionMenu label={text('ui.actions-of', { name: serialNumber })} actions={actions(license.data)}>
            <Button icon={Ellipsis}>
              <T id="ui.actions" />
            </Button>
          </ActionMenu>
        )
      }
    >
      <Tabs
        label={text('licenses.views')}
        value={tab}
        onChange={onTab}
        tabs={[
          {
            id: 'now',
            text: text('licenses.tab-now'),
            content: () =>
              license.isPending ? (
                <Loading />
              ) : license.isError ? (
                <PageFaultView error={license.error} onRetry={() => void license.refetch()} />
              ) : (
                <LicenseNow license={license.data} />
              ),
          },
          {
            id: 'history',
            text: text('licenses.tab-history'),
            content: () => <LicenseHistory key={serialNumber} serialNumber={serialNumber} onAt={onAt} />,
          },
          {
            id: 'as-of',
            text: text('licenses.tab-as-of'),
            content: () => <LicenseAsOf key={serialNumber} serialNumber={serialNumber} at={at} onAt={onAt} />,
          },
        ]}
      />
    </Panel>
  );
}

function LicenseNow({ license }: { readonly license: License }) {
  const text = useText();
  const { today } = usePlace();
  const { state, currentUser, assignedTo, since, folder, validFrom, expiresOn, deletedAt, version } = license;
  return (
    <div className="license-now">
      <p className="license-sentence">
        <StateChip state={state} />
        <span>
          <T
            id={`licenses.sentence-${state}`}
            values={{
              user: currentUser ?? assignedTo ?? '',
              since: since === undefined ? '' : <Instant at={since} />,
            }}
          />
        </span>
      </p>
      <Facts
        facts={[
          { name: text('licenses.class'), value: <LicenseClass license={license} /> },
          { name: text('licenses.folder'), value: <FolderName path={folder} /> },
          { name: text('licenses.valid-from'), value: <Day day={validFrom} /> },
          {
            name: text('licenses.last-day'),
            value: <LastDay day={expiresOn} today={today} isOver={state === 'expired'} />,
          },
          ...(assignedTo === undefined
            ? []
            : [{ name: text('licenses.assigned-to'), value: <PersonName user={assignedTo} /> }]),
          ...(currentUser === undefined
            ? []
            : [{ name: text('licenses.used-by'), value: <PersonName user={currentUser} /> }]),
          ...(deletedAt === undefined
            ? []
            : [{ name: text('licenses.deleted-at'), value: <Instant at={deletedAt} /> }]),
          { name: text('licenses.version'), value: version },
        ]}
      />
    </div>
  );
}
