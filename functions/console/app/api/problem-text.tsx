import { useIntl } from 'react-intl';
import { isTextId, T, useText } from '../texts/text.tsx';
import type { Problem } from './problem.ts';

type Refusal = Pick<Problem, 'code' | 'members'>;

type ProblemTextProps = {
  readonly problem: Refusal;
  /** Whether it is about several things at once, so that nothing is known about each. */
  readonly isSummary?: boolean;
};

/** A refusal in words. Its members, such as the user of a license in use, are part of the sentence. */
export function ProblemText({ problem, isSummary = false }: ProblemTextProps) {
  const problemId = useProblemId();
  const { messages } = useIntl();
  const summary = `problems.all-${problem.code}`;
  const id = isSummary && isTextId(messages, summary) ? summary : problemId(problem.code);
  return <T id={id} values={values(problem)} />;
}

export function useProblemText(): (problem: Refusal) => string {
  const text = useText();
  const problemId = useProblemId();
  return (problem) => text(problemId(problem.code), values(problem));
}

/** A code that a newer service may have gets a sentence that names the code. */
function useProblemId() {
  const { messages } = useIntl();
  return (code: string) => {
    const id = `problems.${code}`;
    return isTextId(messages, id) ? id : 'problems.other';
  };
}

/** The members that sentences name. A problem may leave out those that it does not know. */
const NONE = { currentUser: '', assignedTo: '', serialNumber: '', expiresOn: '', licenses: 0, userCards: 0 };

function values({ code, members }: Refusal): Record<string, string | number> {
  const some = Object.entries(members).filter(isPlain);
  return { ...NONE, ...Object.fromEntries(some), code };
}

function isPlain(entry: [string, unknown]): entry is [string, string | number] {
  return typeof entry[1] === 'string' || typeof entry[1] === 'number';
}
