import { useMutation } from '@tanstack/react-query';
import { CircleCheck, Play, Wrench } from 'lucide-react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { useIntent } from '../api/use-intent.ts';
import { usePlace } from '../shell/me.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loading } from '../ui/loading.tsx';
import { SimpleTable } from '../ui/simple-table.tsx';
import { Faults } from './faults.tsx';
import { useSettingsReason } from './tenant-settings.ts';

/** The check of everything that must always be true, and the repair of what is certain. */
export function AuditSection() {
  const text = useText();
  const { tenant } = usePlace();
  const readOnly = useSettingsReason();
  const path = { tenant };
  const withIntent = useIntent();
  const run = useMutation({
    mutationFn: (how: 'check' | 'repair') =>
      how === 'check'
        ? read(api.GET('/tenants/{tenant}/audit', { params: { path } }))
        : withIntent((header) => read(api.POST('/tenants/{tenant}/audit', { params: { path, header }, body: {} }))),
  });
  const findings = run.data?.violations ?? [];
  return (
    <div className="blocks">
      <div className="section-head">
        <h2>
          <T id="settings.section-audit" />
        </h2>
        <Button
          icon={Wrench}
          why={readOnly ?? (findings.length === 0 ? text('settings.repair-nothing') : undefined)}
          onPress={() => run.mutate('repair')}
        >
          <T id="settings.repair" />
        </Button>
        <Button variant="primary" icon={Play} isPending={run.isPending} onPress={() => run.mutate('check')}>
          <T id="settings.audit-run" />
        </Button>
      </div>
      <p>
        <T id="settings.audit-explanation" />
      </p>
      {run.isPending && <Loading />}
      {run.isError && <Faults problem={Problem.from(run.error)} />}
      {run.data !== undefined && (
        <p role="status">
          <T
            id="settings.audit-read"
            values={{
              licenses: run.data.licenses,
              userCards: run.data.userCards,
              findings: findings.length,
              notConfirmed: run.data.notConfirmed ?? 0,
            }}
          />
        </p>
      )}
      {run.data !== undefined &&
        (findings.length === 0 ? (
          <Empty icon={CircleCheck} title={<T id="settings.audit-clean" />} />
        ) : (
          <SimpleTable
            caption={text('settings.audit-findings')}
            columns={[
              {
                id: 'invariant',
                head: text('settings.invariant'),
                cell: ({ invariant }) => <code translate="no">{invariant}</code>,
              },
              { id: 'text', head: text('settings.finding'), cell: (one) => <bdi lang="en">{one.text}</bdi> },
              {
                id: 'of',
                head: text('settings.finding-of'),
                cell: ({ serialNumber, user }) => (
                  <bdi translate="no">{[serialNumber, user].filter((one) => typeof one === 'string').join(', ')}</bdi>
                ),
              },
            ]}
            rows={findings}
            rowKey={(_, index) => String(index)}
          />
        ))}
    </div>
  );
}
