import type { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { T } from '../texts/text.tsx';
import { Notice } from '../ui/notice.tsx';

/** Why a plan was refused. Its faults name the place in the request or in the file. */
export function PlanFault({ problem }: { readonly problem: Problem }) {
  const faults = faultsIn(problem.members['faults']);
  return (
    <Notice kind="danger">
      <p>{faults.length === 0 ? <ProblemText problem={problem} /> : <T id="renewals.cannot-plan" />}</p>
      {faults.length > 0 && (
        <ul className="bullets">
          {faults.map(({ place, text }) => (
            <li key={`${place} ${text}`}>
              <bdi translate="no" className="place">
                {place}
              </bdi>{' '}
              <bdi>{text}</bdi>
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** Returns the faults among the members of a problem, which may be anything. */
function faultsIn(member: unknown): readonly { readonly place: string; readonly text: string }[] {
  if (!Array.isArray(member)) return [];
  return member.flatMap((fault: unknown) => {
    if (typeof fault !== 'object' || fault === null || !('text' in fault)) return [];
    return [{ place: 'place' in fault ? String(fault.place) : '', text: String(fault.text) }];
  });
}
