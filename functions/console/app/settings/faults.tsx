import type { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { Notice } from '../ui/notice.tsx';

/** A refusal, with the places of the request that are wrong. Their texts come from the service. */
export function Faults({ problem }: { readonly problem: Problem }) {
  const { faults } = problem.members;
  const places = Array.isArray(faults) ? faults.filter(isFault) : [];
  return (
    <Notice kind="danger">
      <p>
        <ProblemText problem={problem} />
      </p>
      <ul>
        {places.map(({ place, text }) => (
          <li key={place}>
            <bdi translate="no">{place}</bdi>: <bdi lang="en">{text}</bdi>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function isFault(one: unknown): one is { readonly place: string; readonly text: string } {
  return typeof one === 'object' && one !== null && 'place' in one && 'text' in one;
}
