import { Printer } from 'lucide-react';
import { oneOf, someText, useAddressQuery } from '../shell/address-query.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { PageHead } from '../ui/page-head.tsx';
import { Select } from '../ui/select.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { DenialsTab } from './denials-tab.tsx';
import { NeedsTab } from './needs-tab.tsx';
import { PeaksTab } from './peaks-tab.tsx';
import { PERIODS } from './period.ts';
import { PoolsTab } from './pools-tab.tsx';

const TABS = ['now', 'peaks', 'denials', 'needs'] as const;
const READINGS = { tab: oneOf(TABS), days: oneOf(PERIODS), pool: someText };

/** How far the licenses reach: now, at the peaks, for those who were denied, and what would have been enough. */
export function Component() {
  const text = useText();
  const [{ tab = 'now', days = '31', pool }, change] = useAddressQuery(READINGS);
  const content = {
    now: () => <PoolsTab />,
    peaks: () => <PeaksTab days={days} pool={pool} onPool={(next) => change({ pool: next }, { replace: true })} />,
    denials: () => <DenialsTab days={days} />,
    needs: () => <NeedsTab days={days} />,
  };
  return (
    <>
      <PageHead
        title={text('usage.title')}
        actions={
          <>
            {tab !== 'now' && (
              <Select
                label={text('usage.period')}
                choices={PERIODS.map((id) => ({ id, text: text('usage.days', { count: Number(id) }) }))}
                value={days}
                onChange={(next) => change({ days: next })}
                isFilter
              />
            )}
            <Button icon={Printer} onPress={() => print()}>
              <T id="usage.print" />
            </Button>
          </>
        }
      />
      <div className="page-tabs">
        <Tabs
          label={text('usage.title')}
          tabs={TABS.map((id) => ({ id, text: text(`usage.tab-${id}`), content: content[id] }))}
          value={tab}
          onChange={(next) => change({ tab: next })}
        />
      </div>
    </>
  );
}
