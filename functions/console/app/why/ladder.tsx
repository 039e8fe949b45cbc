import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { T, useText } from '../texts/text.tsx';
import { OutcomeChip, OutcomeSentence } from './outcome.tsx';
import { decidedBefore, isChanged, type Rung, rungsOf, type Way } from './rungs.ts';

/** The most that a receipt counts. A full bar is as many or more. */
const MOST_SEEN = 24;

export type Side = { readonly title: ReactNode; readonly way: Way | undefined; readonly absent: ReactNode };

type LadderProps = { readonly before: Side; readonly now: Side };

/** The judgement before the steps and the four steps, as a login went through them and as it would go now. */
export function Ladder({ before, now }: LadderProps) {
  const was = before.way && rungsOf(before.way);
  const is = now.way && rungsOf(now.way);
  const hasOtherStart =
    before.way !== undefined && now.way !== undefined && decidedBefore(before.way) !== decidedBefore(now.way);
  const places = (was ?? is ?? []).map((_, place) => place);
  return (
    <div className="ladder">
      <div className="ladder-row ladder-head">
        <span />
        <h3>{before.title}</h3>
        <h3>{now.title}</h3>
      </div>
      <div className="ladder-row ladder-outcome">
        <span className="ladder-name">
          <T id="why.outcome" />
        </span>
        <SideOutcome side={before} />
        <SideOutcome side={now} />
      </div>
      <ol className="ladder-rungs">
        <li className="ladder-row" data-changed={hasOtherStart || undefined}>
          <span className="ladder-name">
            <T id="why.own-license" />
            {hasOtherStart && <Changed />}
          </span>
          <OwnLicense way={before.way} />
          <OwnLicense way={now.way} />
        </li>
        {places.map((place) => {
          const [old, next] = [was?.[place], is?.[place]];
          const step = (old ?? next)?.step;
          const hasChanged = old !== undefined && next !== undefined && isChanged(old, next);
          return (
            <li key={place} className="ladder-row" data-changed={hasChanged || undefined}>
              <span className="ladder-name">
                <span className="ladder-number" aria-hidden>
                  {place + 1}
                </span>
                {step !== undefined && <T id={`why.step-${step}`} />}
                {hasChanged && <Changed />}
              </span>
              <RungView rung={old} />
              <RungView rung={next} />
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Changed() {
  return (
    <span className="ladder-changed">
      <T id="why.changed" />
    </span>
  );
}

function SideOutcome({ side: { way, absent, title } }: { readonly side: Side }) {
  return (
    <div className="ladder-cell">
      <p className="ladder-side">{title}</p>
      {way === undefined ? (
        <p className="muted">{absent}</p>
      ) : (
        <>
          <OutcomeChip outcome={way.outcome} />
          <p>
            <OutcomeSentence way={way} />
          </p>
        </>
      )}
    </div>
  );
}

/** What was decided before any step. */
function OwnLicense({ way }: { readonly way: Way | undefined }) {
  if (way === undefined) return <div className="ladder-cell" />;
  const decision = decidedBefore(way);
  const kind =
    decision === 'steps' ? 'passed' : decision === 'assigned' || decision === 'continued' ? 'taken' : 'blocked';
  return (
    <div className="ladder-cell" data-kind={kind}>
      <p className="rung-text">
        <Mark kind={kind} />
        <T id={`why.own-${decision}`} />
      </p>
    </div>
  );
}

function RungView({ rung }: { readonly rung: Rung | undefined }) {
  const text = useText();
  if (rung === undefined) return <div className="ladder-cell" />;
  const { kind, seen, more, why } = rung;
  const isLooked = kind === 'taken' || (kind === 'passed' && why === 'none-free');
  return (
    <div className="ladder-cell" data-kind={kind}>
      {isLooked && (
        <svg className="rung-bar" viewBox={`0 0 ${MOST_SEEN} 1`} preserveAspectRatio="none" aria-hidden>
          <rect className="rung-track" width={MOST_SEEN} height="1" />
          <rect className="rung-fill" width={more ? MOST_SEEN : Math.min(seen, MOST_SEEN)} height="1" />
        </svg>
      )}
      <p className="rung-text">
        <Mark kind={kind} />
        {kind === 'taken' ? text('why.taken', { seen: more ? `${seen}+` : String(seen) }) : <NotTaken rung={rung} />}
      </p>
    </div>
  );
}

function NotTaken({ rung: { kind, why } }: { readonly rung: Rung }) {
  if (kind === 'passed') return <T id={`why.not-${why ?? 'none-free'}`} />;
  return <T id={kind === 'skipped' ? 'why.skipped' : 'why.not-reached'} />;
}

const MARKS = { taken: Check, blocked: X, passed: X, skipped: Minus, 'not-reached': Minus };

function Mark({ kind }: { readonly kind: keyof typeof MARKS }) {
  const Icon = MARKS[kind];
  return <Icon size={14} strokeWidth={2.5} aria-hidden className="rung-mark" />;
}
