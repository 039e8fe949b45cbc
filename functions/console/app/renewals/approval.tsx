import { useQueryClient } from '@tanstack/react-query';
import { Check } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api, ifMatch, newIntent, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import type { Renewal, RenewalProgress, RenewalRow } from '../api/types.ts';
import { useIntent } from '../api/use-intent.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { PlanFault } from './plan-fault.tsx';
import { ShortGroup } from './short-group.tsx';

type ApprovalProps = {
  readonly renewal: RenewalProgress;
  readonly whole: Renewal;
  readonly rows: readonly RenewalRow[];
  /** Whether `rows` are all rows of the plan. */
  readonly isWhole: boolean;
};

/** Names each license without a replacement, and approves the plan when each of them is ticked. */
export function Approval({ renewal, whole, rows, isWhole }: ApprovalProps) {
  const text = useText();
  const readOnly = useReadOnlyReason();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const short = useMemo(
    () => rows.flatMap(({ outcome, old }) => (outcome === 'shortfall' && old !== undefined ? [old] : [])),
    [rows],
  );
  const { approve, isPending, fault } = useApproval(renewal, short);
  const left = short.filter((serialNumber) => !ticked.has(serialNumber)).length;
  const tick = (serialNumbers: readonly string[], isOn: boolean) => {
    const others = [...ticked].filter((one) => !serialNumbers.includes(one));
    setTicked(new Set(isOn ? [...others, ...serialNumbers] : others));
  };
  const canApprove = renewal.status === 'planned';
  const why = () => {
    if (readOnly !== undefined) return readOnly;
    if (!isWhole) return text('renewals.loading-rows');
    return left === 0 ? undefined : text('renewals.tick-first', { count: left });
  };
  if (short.length === 0 && !canApprove) return null;
  return (
    <section className="block approval">
      <h2>
        {short.length === 0 ? (
          <T id="renewals.no-shortfall" />
        ) : (
          <T id="renewals.shortfall" values={{ count: short.length }} />
        )}
      </h2>
      {short.length > 0 && canApprove && (
        <p className="muted">
          <T id="renewals.shortfall-text" />
        </p>
      )}
      {whole.shortfall.map((group) => (
        <ShortGroup
          key={JSON.stringify([group.folder, group.class])}
          group={group}
          ticked={ticked}
          {...(canApprove && { onTick: tick })}
        />
      ))}
      {fault !== undefined && <PlanFault problem={fault} />}
      {canApprove && (
        <div className="checked">
          <Button icon={Check} variant="primary" isPending={isPending} why={why()} onPress={() => void approve()}>
            <T id="renewals.approve" />
          </Button>
          {left > 0 && (
            <span className="muted">
              <T id="renewals.tick-first" values={{ count: left }} />
            </span>
          )}
        </div>
      )}
    </section>
  );
}

/** Approves a version of a plan. After a refusal, such as of a plan that is no longer true, everything is read again. */
function useApproval({ renewalId, version }: RenewalProgress, acceptedShortfall: string[]) {
  const { tenant, caller } = usePlace();
  const queries = useQueryClient();
  const withIntent = useIntent();
  const [isPending, setIsPending] = useState(false);
  const [fault, setFault] = useState<Problem>();
  const approve = async () => {
    setIsPending(true);
    setFault(undefined);
    const path = { tenant, renewalId };
    try {
      await withIntent(
        (header) =>
          read(
            api.POST('/tenants/{tenant}/renewals/{renewalId}/approve', {
              params: { path, header: { ...header, ...ifMatch(version) } },
              body: { acceptedShortfall },
            }),
          ),
        acceptedShortfall,
      );
      noteActivity({
        id: newIntent(),
        at: serviceNow(caller),
        title: <T id="renewals.did-approve" values={{ name: renewalId }} />,
        state: 'done',
        ledger: [],
      });
    } catch (error) {
      setFault(Problem.from(error));
    }
    setIsPending(false);
    await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  return { approve, isPending, fault };
}
