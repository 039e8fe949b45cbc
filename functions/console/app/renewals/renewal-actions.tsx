import { useQueryClient } from '@tanstack/react-query';
import { CalendarSync, CirclePlay, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { api, ifMatch, newIntent, read } from '../api/client.ts';
import { encodeSegment } from '../api/path-segment.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import type { RenewalProgress, RenewalStatus } from '../api/types.ts';
import { nameInKey } from '../api/upload-file.ts';
import { useIntent } from '../api/use-intent.ts';
import { noteActivity } from '../shell/activity.ts';
import { usePlace, useReadOnlyReason } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Instant } from '../ui/time.tsx';
import { PlanFault } from './plan-fault.tsx';

type Action = 'start' | 'resume' | 'undo' | 'discard';

/** What an administrator may do with a renewal in each state. A plan that was not started is discarded by an undo. */
const ACTIONS: Readonly<Record<RenewalStatus, readonly Action[]>> = {
  planned: ['discard'],
  approved: ['discard', 'start'],
  running: ['undo'],
  'waiting-for-term': ['undo'],
  'waiting-for-cleanup': ['undo'],
  stopped: ['undo', 'resume'],
  undoing: [],
  finished: [],
  undone: [],
};

const ICONS = { start: CirclePlay, resume: RotateCcw, undo: Undo2, discard: Undo2 };
const PATHS = { start: 'start', resume: 'resume', undo: 'undo', discard: 'undo' } as const;

type RenewalActionsProps = { readonly renewal: RenewalProgress; readonly onActed: () => void };

export function RenewalActions({ renewal, onActed }: RenewalActionsProps) {
  const { tenant, caller } = usePlace();
  const text = useText();
  const readOnly = useReadOnlyReason();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Action>();
  const { status, renewalId, expiringOnOrBefore: day, upload, mode } = renewal;
  const planAgain = () => {
    const query = new URLSearchParams({ plan: 'yes', mode, ...(day && { day }), ...(upload && { file: upload }) });
    void navigate(`/t/${encodeSegment(tenant)}/renewals/${encodeSegment(renewalId)}?${query}`);
  };
  return (
    <>
      {(status === 'planned' || status === 'approved') && (
        <Button icon={CalendarSync} why={readOnly} onPress={planAgain}>
          <T id="renewals.plan-again" />
        </Button>
      )}
      {status === 'finished' && (
        <Button icon={Undo2} why={text('renewals.too-late-to-undo')}>
          <T id="renewals.undo" />
        </Button>
      )}
      {ACTIONS[status].map((action) => (
        <Button
          key={action}
          icon={ICONS[action]}
          variant={action === 'undo' || action === 'discard' ? 'plain' : 'primary'}
          // An operator may resume what has stopped.
          why={action === 'resume' && caller.role === 'operator' ? undefined : readOnly}
          onPress={() => setAsked(action)}
        >
          <T id={`renewals.${action}`} />
        </Button>
      ))}
      {asked !== undefined && (
        <ActionDialog renewal={renewal} action={asked} onActed={onActed} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

type ActionDialogProps = {
  readonly renewal: RenewalProgress;
  readonly action: Action;
  readonly onActed: () => void;
  readonly onClose: () => void;
};

/** Asks for the name of the renewal before it starts or is undone. */
function ActionDialog({ renewal, action, onActed, onClose }: ActionDialogProps) {
  const { tenant, caller } = usePlace();
  const queries = useQueryClient();
  const withIntent = useIntent();
  const [isPending, setIsPending] = useState(false);
  const [fault, setFault] = useState<Problem>();
  const { renewalId, version, progress, switchAt, upload } = renewal;
  const run = async () => {
    setIsPending(true);
    setFault(undefined);
    const path = { tenant, renewalId };
    try {
      await withIntent((header) =>
        read(
          api.POST(`/tenants/{tenant}/renewals/{renewalId}/${PATHS[action]}`, {
            params: { path, header: { ...header, ...ifMatch(version) } },
            body: {},
          }),
        ),
      );
      noteActivity({
        id: newIntent(),
        at: serviceNow(caller),
        title: <T id={`renewals.did-${action}`} values={{ name: renewalId }} />,
        state: 'done',
        ledger: [],
      });
      onActed();
      onClose();
    } catch (error) {
      setFault(Problem.from(error));
      setIsPending(false);
    }
    await queries.invalidateQueries({ queryKey: tenantKey(tenant) });
  };
  const values = {
    name: renewalId,
    count: progress.rows,
    at: <Instant at={switchAt} />,
    file: upload === undefined ? <T id="renewals.file-none" /> : nameInKey(upload),
  };
  return (
    <ConfirmDialog
      title={<T id={`renewals.${action}-title`} values={values} />}
      action={<T id={`renewals.${action}`} />}
      {...((action === 'start' || action === 'undo') && { typed: renewalId })}
      isDanger={action === 'undo'}
      isPending={isPending}
      onConfirm={() => void run()}
      onClose={onClose}
    >
      <p>
        <T id={`renewals.${action}-text`} values={values} />
      </p>
      {fault !== undefined && <PlanFault problem={fault} />}
    </ConfirmDialog>
  );
}
