import type { ReactNode } from 'react';
import type { ChipProps } from './chip.tsx';

export type CountPart = {
  readonly id: string;
  readonly text: ReactNode;
  readonly count: number;
  readonly tone: ChipProps['tone'];
};

/** Counts as parts of one bar. The legend below says the same in words. */
export function CountBar({
  parts,
  hasLegend = true,
}: {
  readonly parts: readonly CountPart[];
  readonly hasLegend?: boolean;
}) {
  const some = parts.filter(({ count }) => count > 0);
  return (
    <div className="counts">
      <div className="count-bar" aria-hidden>
        {some.map(({ id, count, tone }) => (
          <span key={id} className="count-part" data-tone={tone} data-part={id} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className={hasLegend ? 'count-legend' : 'hidden-text'}>
        {some.map(({ id, text, count, tone }) => (
          <li key={id} className="count-name">
            <span className="count-mark" data-tone={tone} data-part={id} aria-hidden />
            <strong className="number">{count}</strong> {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
