import { ProblemText } from '../api/problem-text.tsx';
import type { LedgerLine } from '../shell/activity.ts';
import { T } from '../texts/text.tsx';
import { Chip } from './chip.tsx';

/** What a change would do: how many it would change, and each that it would not, with the reason. */
export function Outcomes({ lines }: { readonly lines: readonly LedgerLine[] }) {
  const refused = lines.filter(({ refusal }) => refusal !== undefined);
  return (
    <div className="outcomes" aria-live="polite">
      <p className="outcomes-counts">
        <Chip tone="good">
          <T id="ui.would-change" values={{ count: lines.length - refused.length }} />
        </Chip>
        {refused.length > 0 && (
          <Chip tone="danger" mark="cross">
            <T id="ui.would-refuse" values={{ count: refused.length }} />
          </Chip>
        )}
      </p>
      {refused.length > 0 && (
        <ul className="outcomes-refused">
          {refused.map(({ name, refusal }) => (
            <li key={name}>
              <bdi translate="no">{name}</bdi> – {refusal !== undefined && <ProblemText problem={refusal} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
