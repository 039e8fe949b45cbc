import { T } from '../texts/text.tsx';
import type { Side } from './ladder.tsx';
import { OutcomeSentence } from './outcome.tsx';
import { rungsOf } from './rungs.ts';

/** The same as the ladder in sentences, to be read out or copied into a ticket. */
export function TextTwin({ sides }: { readonly sides: readonly Side[] }) {
  return (
    <details className="twin">
      <summary>
        <T id="why.as-text" />
      </summary>
      {sides.map(({ title, way, absent }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the sides keep their places
        <div key={place}>
          <h3>{title}</h3>
          {way === undefined ? (
            <p>{absent}</p>
          ) : (
            <ol className="twin-lines">
              <li>
                <OutcomeSentence way={way} />
              </li>
              {rungsOf(way).map(({ step, kind, seen, more, why }) => (
                <li key={step}>
                  <T id={`why.step-${step}`} />:{' '}
                  {kind === 'taken' ? (
                    <T id="why.taken" values={{ seen: more ? `${seen}+` : String(seen) }} />
                  ) : kind === 'passed' ? (
                    <T id={`why.not-${why ?? 'none-free'}`} />
                  ) : (
                    <T id={kind === 'skipped' ? 'why.skipped' : 'why.not-reached'} />
                  )}
                </li>
              ))}
            </ol>
          )}
        </div>
      ))}
    </details>
  );
}
