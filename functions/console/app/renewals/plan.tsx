import { useMemo } from 'react';
import type { Renewal, RenewalProgress } from '../api/types.ts';
import { nameInKey } from '../api/upload-file.ts';
import { usePlace } from '../shell/me.ts';
import { PageFaultView } from '../shell/page-fault.tsx';
import { T, useText } from '../texts/text.tsx';
import { Facts } from '../ui/facts.tsx';
import { ClassName, useClassText } from '../ui/license-class.tsx';
import { Loading } from '../ui/loading.tsx';
import { Progress } from '../ui/progress.tsx';
import { Day, Instant } from '../ui/time.tsx';
import { Approval } from './approval.tsx';
import { Differences } from './differences.tsx';
import { flowsOf } from './flows.ts';
import { useAllRows, useRenewal } from './queries.ts';
import { Sankey } from './sankey.tsx';

type PlanProps = {
  readonly renewal: RenewalProgress;
  readonly rowsAt: (query: Readonly<Record<string, string>>) => string;
};

/** The plan: old to new as a picture, what changed since it was made, and its approval. */
export function Plan({ renewal, rowsAt }: PlanProps) {
  const { tenant } = usePlace();
  const text = useText();
  const whole = useRenewal(tenant, renewal);
  const all = useAllRows(tenant, renewal);
  const rows = useMemo(() => all.data?.pages.flatMap((page) => page.rows) ?? [], [all.data]);
  const flows = useMemo(() => flowsOf(rows), [rows]);
  if (whole.isError) return <PageFaultView error={whole.error} onRetry={() => void whole.refetch()} />;
  if (all.isError) return <PageFaultView error={all.error} onRetry={() => void all.refetch()} />;
  if (whole.isPending || all.isPending) return <Loading />;
  const { status, progress } = renewal;
  return (
    <div className="blocks">
      <PlanFacts renewal={renewal} />
      {(status === 'planned' || status === 'approved') && <Differences renewal={renewal} />}
      {all.hasNextPage && <Progress label={text('renewals.loading-rows')} value={rows.length} most={progress.rows} />}
      <section className="block">
        <h2>
          <T id="renewals.old-to-new" />
        </h2>
        <Sankey flows={flows} rowsAt={rowsAt} />
      </section>
      <Approval key={renewal.version} renewal={renewal} whole={whole.data} rows={rows} isWhole={!all.hasNextPage} />
      <LeftOver leftOver={whole.data.leftOver} />
    </div>
  );
}

export function PlanFacts({ renewal }: { readonly renewal: RenewalProgress }) {
  const text = useText();
  const { expiringOnOrBefore: day, upload, mode, plannedAt, plannedBy, switchAt, approved } = renewal;
  return (
    <Facts
      facts={[
        {
          name: text('renewals.step-ends'),
          value:
            day === undefined ? (
              <T id="renewals.by-list" />
            ) : (
              <T id="renewals.until" values={{ day: <Day day={day} /> }} />
            ),
        },
        {
          name: text('renewals.step-file'),
          value: upload === undefined ? <T id="renewals.file-none" /> : <bdi translate="no">{nameInKey(upload)}</bdi>,
        },
        { name: text('renewals.step-mode'), value: <T id={`renewals.mode-${mode}`} /> },
        { name: text('renewals.switch'), value: <Instant at={switchAt} /> },
        {
          name: text('renewals.planned'),
          value: <T id="renewals.at-by" values={{ at: <Instant at={plannedAt} />, actor: plannedBy }} />,
        },
        ...(approved === undefined
          ? []
          : [
              {
                name: text('renewals.approved'),
                value: <T id="renewals.at-by" values={{ at: <Instant at={approved.at} />, actor: approved.actor }} />,
              },
            ]),
      ]}
    />
  );
}

function LeftOver({ leftOver }: Pick<Renewal, 'leftOver'>) {
  const classText = useClassText();
  if (leftOver.length === 0) return null;
  return (
    <section className="block">
      <h2>
        <T id="renewals.left-over" />
      </h2>
      <ul className="bullets">
        {leftOver.map(({ class: of, serialNumbers }) => (
          <li key={classText(of)}>
            <ClassName of={of} />: <bdi translate="no">{serialNumbers.join(', ')}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
