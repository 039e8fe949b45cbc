import { type ReactNode, useState } from 'react';
import { encodeSegment } from '../api/path-segment.ts';
import type { RenewalProgress, RenewalStatus } from '../api/types.ts';
import { oneOf, useAddressQuery } from '../shell/address-query.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { useText } from '../texts/text.tsx';
import { Loading } from '../ui/loading.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { People } from './people.tsx';
import { Plan } from './plan.tsx';
import { useRenewalProgress } from './queries.ts';
import { RenewalActions } from './renewal-actions.tsx';
import { Report } from './report.tsx';
import { Rows } from './rows.tsx';
import { Run } from './run.tsx';
import { RenewalChip } from './status.tsx';

const TABS = ['plan', 'people', 'rows', 'run', 'report'] as const;
type TabName = (typeof TABS)[number];
const READINGS = { tab: oneOf(TABS) };

/** One renewal, from its plan to its report. */
export function RenewalPage({ renewalId }: { readonly renewalId: string }) {
  const { tenant } = usePlace();
  const text = useText();
  const [{ tab }, change] = useAddressQuery(READINGS);
  const [acted, setActed] = useState<string>();
  const found = useRenewalProgress(tenant, renewalId, acted);
  if (found.isPending) return <Loading />;
  if (found.isError) return <PageFaultView error={found.error} onRetry={() => void found.refetch()} />;
  const renewal = found.data;
  const onActed = () => {
    setActed(renewal.version);
    change({ tab: undefined });
  };
  const shown = tab ?? firstTab(renewal.status);
  return (
    <>
      <PageHead
        title={text('renewals.one-title', { name: renewalId })}
        note={<RenewalChip status={renewal.status} />}
        actions={<RenewalActions renewal={renewal} onActed={onActed} />}
      />
      <div className="page-tabs" data-tab={shown}>
        <Tabs
          label={text('renewals.views')}
          value={shown}
          onChange={(id) => change({ tab: id })}
          tabs={TABS.map((id) => ({
            id,
            text: text(`renewals.tab-${id}`),
            content: () => contentOf(id, renewal, tenant),
          }))}
        />
      </div>
    </>
  );
}

function contentOf(tab: TabName, renewal: RenewalProgress, tenant: string): ReactNode {
  switch (tab) {
    case 'plan': {
      const address = `/t/${encodeSegment(tenant)}/renewals/${encodeSegment(renewal.renewalId)}`;
      return (
        <Plan renewal={renewal} rowsAt={(query) => `${address}?${new URLSearchParams({ tab: 'rows', ...query })}`} />
      );
    }
    case 'people':
      return <People renewal={renewal} />;
    case 'rows':
      return <Rows renewal={renewal} />;
    case 'run':
      return <Run renewal={renewal} />;
    case 'report':
      return <Report renewal={renewal} />;
  }
}

/** Returns what matters first: the plan until it starts, then how it goes, then what came of it. */
function firstTab(status: RenewalStatus): TabName {
  switch (status) {
    case 'planned':
    case 'approved':
      return 'plan';
    case 'running':
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'stopped':
    case 'undoing':
      return 'run';
    case 'finished':
    case 'undone':
      return 'report';
  }
}
