import { Check, Circle, CircleDot } from 'lucide-react';
import { useIntl } from 'react-intl';
import type { RenewalProgress } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { useServiceNow } from '../shell/service-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Notice } from '../ui/notice.tsx';
import { Progress } from '../ui/progress.tsx';
import { Instant } from '../ui/time.tsx';
import { Drain } from './drain.tsx';
import { type Phase, phasesOf } from './phases.ts';
import { Until } from './until.tsx';

const ICONS = { done: Check, now: CircleDot, next: Circle };

/** How the renewal goes: its phases, what it waits for and until when, and who still works on an old license. */
export function Run({ renewal }: { readonly renewal: RenewalProgress }) {
  const { status, stopped } = renewal;
  return (
    <div className="blocks">
      {status === 'stopped' && (
        <Notice kind="danger">
          <p>
            <T id="renewals.stopped-text" />
          </p>
          {stopped !== undefined && (
            <p className="muted">
              <bdi translate="no">{`${stopped.name}: ${stopped.text}`}</bdi>
            </p>
          )}
        </Notice>
      )}
      <WaitsFor renewal={renewal} />
      <ol className="phases">
        {phasesOf(renewal).map((phase) => (
          <PhaseItem key={phase.id} phase={phase} isStopped={status === 'stopped'} />
        ))}
      </ol>
      <Announced renewal={renewal} />
      {(status === 'running' || status === 'waiting-for-term' || status === 'waiting-for-cleanup') && <Drain />}
    </div>
  );
}

/** What the renewal waits for, and until when. */
function WaitsFor({ renewal }: { readonly renewal: RenewalProgress }) {
  const { caller } = usePlace();
  const now = useServiceNow(caller);
  const { status } = renewal;
  const at = momentOf(renewal);
  return (
    <p className="waits-for">
      <T id={`renewals.waits-${status}`} />
      {at !== undefined && (
        <>
          {' '}
          <strong>
            <Instant at={at} />
          </strong>{' '}
          <Until now={now} at={at} />
        </>
      )}
    </p>
  );
}

/** Returns when the present state ends, or when the renewal ended. */
function momentOf(renewal: RenewalProgress): string | undefined {
  switch (renewal.status) {
    case 'waiting-for-term':
      return renewal.switchAt;
    case 'waiting-for-cleanup':
      return renewal.cleanupAt;
    case 'finished':
      return renewal.finishedAt;
    case 'undone':
      return renewal.undoneAt;
    case 'planned':
    case 'approved':
    case 'running':
    case 'stopped':
    case 'undoing':
      return undefined;
  }
}

function PhaseItem({ phase, isStopped }: { readonly phase: Phase; readonly isStopped: boolean }) {
  const text = useText();
  const { id, state, done, of, at } = phase;
  const Icon = ICONS[state];
  const hasBar = done !== undefined && of !== undefined && of > 0 && state !== 'next';
  return (
    <li className="phase" data-state={state} data-stopped={(isStopped && state === 'now') || undefined}>
      <span className="phase-mark">
        <Icon size={14} strokeWidth={2.5} aria-hidden />
      </span>
      <div className="phase-body">
        <p className="phase-head">
          <strong>
            <T id={`renewals.phase-${id}`} />
          </strong>
          <span className="hidden-text">
            <T id={`renewals.phase-is-${state}`} />
          </span>
          {at !== undefined && (
            <span className="muted">
              <Instant at={at} />
            </span>
          )}
        </p>
        <p className="muted">
          <T id={`renewals.phase-${id}-text`} />
        </p>
        {hasBar && (
          <Progress
            label={text(`renewals.phase-${id}`)}
            value={done}
            most={of}
            note={text('renewals.done-of', { done, of })}
          />
        )}
      </div>
    </li>
  );
}

/** Reads out each tenth of the way, and no more. */
function Announced({ renewal: { status, progress } }: { readonly renewal: RenewalProgress }) {
  const { formatNumber } = useIntl();
  const { rows, switched, undone } = progress;
  const done = status === 'undoing' || status === 'undone' ? undone : switched;
  const tenth = rows === 0 ? 0 : Math.floor((done / rows) * 10) / 10;
  return (
    <p className="hidden-text" aria-live="polite">
      <T id={`renewals.status-${status}`} /> {formatNumber(tenth, { style: 'percent' })}
    </p>
  );
}
