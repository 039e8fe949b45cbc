import { CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { T, useText } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { useMe } from './me.ts';

/** Stands in the place of a page that failed. */
export function PageFault({ error }: { readonly error: unknown }) {
  const isNotLoaded = error instanceof TypeError && /module|import/i.test(error.message);
  return isNotLoaded ? (
    <NotLoaded />
  ) : (
    <PageFaultView
      error={error instanceof Problem ? error : new Problem('page-failed', 0)}
      onRetry={() => location.reload()}
    />
  );
}

/** The script of a page did not come: a new build has taken its place, or the service does not answer at the moment. */
function NotLoaded() {
  const text = useText();
  const { refetch, error, errorUpdatedAt, dataUpdatedAt } = useMe();
  useEffect(() => void refetch(), [refetch]);
  const isAway = errorUpdatedAt > dataUpdatedAt && (error === null || Problem.from(error).isOpen);
  return (
    <Empty icon={CircleAlert} title={<T id="shell.not-loaded" />}>
      <Button variant="primary" why={isAway ? text('shell.unanswered') : undefined} onPress={() => location.reload()}>
        <T id="shell.load-again" />
      </Button>
    </Empty>
  );
}

type PageFaultViewProps = { readonly error: unknown; readonly onRetry: () => void };

export function PageFaultView({ error, onRetry }: PageFaultViewProps) {
  return (
    <Empty icon={CircleAlert} title={<T id="shell.fault" />} isAlert>
      <p>
        <ProblemText problem={Problem.from(error)} />
      </p>
      <Button onPress={onRetry}>
        <T id="shell.try-again" />
      </Button>
    </Empty>
  );
}
