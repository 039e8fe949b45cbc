import { useState } from 'react';
import { useIntl } from 'react-intl';
import type { HistoryEntry } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { serviceNow } from '../shell/service-time.ts';
import { instantOf } from '../shell/zoned-time.ts';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Instant } from '../ui/time.tsx';
import { LIFE_STATES, type LifeState, lanesOf } from './life.ts';

type LifeStripProps = {
  readonly entries: readonly HistoryEntry[];
  /** Whether changes are missing after the last of these, so that nothing is known until now. */
  readonly isCut?: boolean;
  /** Shows the licenses of this user, each with its name. */
  readonly holder?: string;
  readonly at?: string | undefined;
  /** Shows how it was at an instant. */
  readonly onAt: (at: string) => void;
};

/** A day, an hour, a minute and a second. */
const STEPS = [86_400_000, 3_600_000, 60_000, 1_000];
const BAR = 22;
const NAME = 16;
/** About as wide as a letter is in the narrowest panel, in percent. */
const LETTER = 2;

/**
 * What licenses were over time, as one picture. A click, or Enter on the chosen moment, goes to that moment. The list of
 * the entries says the same in words.
 */
export function LifeStrip({ entries, isCut = false, holder, at, onAt }: LifeStripProps) {
  const text = useText();
  const { locale } = useIntl();
  const { timeZone, caller } = usePlace();
  const [now] = useState(() => serviceNow(caller));
  const changes = entries.filter((entry) => entry.kind === 'license');
  const times = changes.map((entry) => Date.parse(entry.at));
  const first = Math.min(...times);
  const to = Math.max(...times, ...(isCut ? [] : [now]));
  const step = STEPS.find((one) => to - first > 20 * one) ?? 1;
  // The slider counts from its beginning, and must reach the end.
  const from = to - (Math.ceil((to - first) / step) || 1) * step;
  const [asked, setAsked] = useState(at);
  const [wanted, setWanted] = useState(at === undefined ? now : Date.parse(at));
  if (asked !== at) {
    setAsked(at);
    if (at !== undefined) setWanted(Date.parse(at));
  }
  const chosen = Math.min(Math.max(wanted, from), to);
  const startOf = (day: string) => Date.parse(instantOf(timeZone, `${day}T00:00`) ?? day);
  const frame = { from, to, startOf, ...(holder !== undefined && { holder }) };
  const { lanes, others } = lanesOf(changes, frame);
  if (lanes.length === 0) return null;

  const name = holder === undefined ? 0 : NAME;
  const x = (instant: number) => `${(100 * (instant - from)) / (to - from)}%`;
  const timeText = (instant: number) =>
    new Date(instant).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const chosenText = [
    timeText(chosen),
    ...lanes.flatMap((lane) => {
      const found = lane.stretches.findLast((one) => one.from <= chosen && chosen <= one.to);
      if (found === undefined) return [];
      const state = text(`licenses.state-${found.state}`);
      return [holder === undefined ? [state, found.user ?? []].flat().join(' · ') : `${lane.name}: ${state}`];
    }),
  ].join(', ');
  const shown = LIFE_STATES.filter((state) => lanes.some((lane) => lane.stretches.some((one) => one.state === state)));
  const go = () => onAt(new Date(Math.max(chosen, first)).toISOString());
  return (
    <section className="life" aria-label={text('history.life')}>
      <div className="life-picture" translate="no">
        <svg width="100%" height={lanes.length * (BAR + name + 6) - 6} aria-hidden="true">
          <defs>
            <pattern id="life-hatch" width={6} height={6} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect className="life-hatch-line" width={2.5} height={6} />
            </pattern>
          </defs>
          {lanes.map((lane, place) => (
            <g key={lane.name} transform={`translate(0 ${place * (BAR + name + 6)})`}>
              {name > 0 && (
                <text className="life-name" y={11}>
                  {lane.name}
                </text>
              )}
              {lane.stretches.map((one) => (
                <svg
                  key={one.from}
                  x={x(one.from)}
                  y={name}
                  width={x(from + one.to - one.from)}
                  height={BAR}
                  aria-hidden="true"
                >
                  <LifeBar state={one.state} />
                  {holder === undefined &&
                    one.user !== undefined &&
                    (100 * (one.to - one.from)) / (to - from) > (one.user.length + 1) * LETTER && (
                      <text className="life-user" data-state={one.state} x={5} y={15}>
                        {one.user}
                      </text>
                    )}
                </svg>
              ))}
            </g>
          ))}
        </svg>
        <input
          type="range"
          className="life-time"
          aria-label={text('history.life-moment')}
          aria-valuetext={chosenText}
          min={from}
          max={to}
          step={step}
          value={chosen}
          onChange={(event) => setWanted(Number(event.target.value))}
          onClick={go}
          onKeyDown={(event) => event.key === 'Enter' && go()}
        />
      </div>
      <p className="life-ends muted" aria-hidden>
        <Instant at={new Date(first).toISOString()} />
        <Instant at={new Date(to).toISOString()} />
      </p>
      {others > 0 && (
        <p className="muted">
          <T id="history.life-more" values={{ count: others }} />
        </p>
      )}
      <div className="life-chosen">
        <bdi aria-hidden>{chosenText}</bdi>
        <Button onPress={go}>
          <T id="history.life-go" />
        </Button>
      </div>
      <ul className="count-legend" aria-hidden>
        {shown.map((state) => (
          <li key={state} className="count-name">
            <svg width={18} height={12} aria-hidden="true">
              <LifeBar state={state} />
            </svg>
            <T id={`licenses.state-${state}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** States differ by their height and filling as well as by their color. */
function LifeBar({ state }: { readonly state: LifeState }) {
  return (
    <>
      <rect className="life-bar" data-state={state} width="100%" height="100%" />
      {state === 'held-back' && <rect width="100%" height="100%" fill="url(#life-hatch)" />}
    </>
  );
}
