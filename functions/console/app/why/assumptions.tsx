import { T } from '../texts/text.tsx';
import type { Explanation } from './explain.ts';

/** What an answer about the future takes for granted. */
export function Assumptions({ assumptions }: Pick<Explanation, 'assumptions'>) {
  if (assumptions.length === 0) return null;
  return (
    <section className="assumptions">
      <h3>
        <T id="why.assumptions" />
      </h3>
      <ul className="bullets muted">
        {assumptions.map(({ code }) => (
          <li key={code}>
            <T id={`why.assume-${code}`} />
          </li>
        ))}
      </ul>
    </section>
  );
}
