import { Printer } from 'lucide-react';
import type { RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { CountBar, type CountPart } from '../ui/count-bar.tsx';
import { ClassName } from '../ui/license-class.tsx';
import { Loading } from '../ui/loading.tsx';
import { FolderName } from '../ui/names.tsx';
import { Progress } from '../ui/progress.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { Day } from '../ui/time.tsx';
import { RowsCsvButton } from './csv-button.tsx';
import { PlanFacts } from './plan.tsx';
import { useAllRows } from './queries.ts';
import { WhatBecame } from './rows.tsx';
import { RowChip } from './status.tsx';

/** Every license before and after, on paper as on the screen: what administrators used to keep as a screenshot. */
export function Report({ renewal }: { readonly renewal: RenewalProgress }) {
  const { tenant } = usePlace();
  const text = useText();
  const all = useAllRows(tenant, renewal);
  if (all.isError) return <PageFaultView error={all.error} onRetry={() => void all.refetch()} />;
  if (all.isPending) return <Loading />;
  const rows = all.data.pages.flatMap((page) => page.rows);
  const { progress } = renewal;
  return (
    <div className="blocks report">
      <div className="checked no-print">
        <Button
          icon={Printer}
          variant="primary"
          why={all.hasNextPage ? text('renewals.loading-rows') : undefined}
          onPress={() => window.print()}
        >
          <T id="ui.print" />
        </Button>
        <RowsCsvButton renewal={renewal} />
      </div>
      <PlanFacts renewal={renewal} />
      <CountBar parts={partsOf(renewal)} />
      {all.hasNextPage && <Progress label={text('renewals.loading-rows')} value={rows.length} most={progress.rows} />}
      <SimpleTable
        caption={text('renewals.rows')}
        rows={rows}
        rowKey={({ row }) => String(row)}
        columns={[
          { id: 'old', head: text('renewals.old'), cell: ({ old }) => <bdi>{old ?? '–'}</bdi> },
          { id: 'new', head: text('renewals.new'), cell: (row) => <bdi>{row.new ?? '–'}</bdi> },
          { id: 'user', head: text('renewals.user'), cell: ({ user }) => user && <bdi>{user}</bdi> },
          { id: 'folder', head: text('renewals.folder'), cell: ({ folder }) => <FolderName path={folder} /> },
          { id: 'class', head: text('renewals.class'), cell: (row) => <ClassName of={row.class} /> },
          {
            id: 'until',
            head: text('renewals.ended-on'),
            cell: ({ expiresOn }) => expiresOn && <Day day={expiresOn} />,
          },
          {
            id: 'new-until',
            head: text('renewals.new-until'),
            cell: ({ newExpiresOn }) => newExpiresOn && <Day day={newExpiresOn} />,
          },
          { id: 'outcome', head: text('renewals.outcome'), cell: ({ outcome }) => <RowChip outcome={outcome} /> },
          { id: 'what', head: text('renewals.what-became'), cell: (row) => <WhatBecame row={row} /> },
        ]}
      />
    </div>
  );
}

function partsOf({ counts, progress }: RenewalProgress): readonly CountPart[] {
  const part = (id: string, count: number, tone: CountPart['tone'], text: CountPart['text']): CountPart => ({
    id,
    count,
    tone,
    text,
  });
  return [
    part('replaced', counts.replaced, 'good', <T id="renewals.part-replaced" />),
    part('extended', counts.extended, 'busy', <T id="renewals.part-extended" />),
    part('shortfall', counts.shortfall, 'danger', <T id="renewals.part-shortfall" />),
    part('leftOver', counts.leftOver, 'owned', <T id="renewals.part-leftOver" />),
    part('undone', progress.undone, 'quiet', <T id="renewals.row-undone" />),
    part('skipped', progress.skipped, 'warning', <T id="renewals.row-skipped" />),
  ];
}
