import { CircleAlert } from 'lucide-react';
import { Problem } from '../api/problem.ts';
import { ProblemText } from '../api/problem-text.tsx';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

/** Stands in the place of a page that failed. A build that is gone from the server is no fault: the page is loaded anew. */
export function PageFault({ error }: { readonly error: unknown }) {
  const isOldBuild = error instanceof TypeError && /module|import/i.test(error.message);
  if (!isOldBuild) return <PageFaultView error={error} onRetry={() => location.reload()} />;
  return (
    <Empty icon={CircleAlert} title={<T id="shell.new-version" />}>
      <Button variant="primary" onPress={() => location.reload()}>
        <T id="shell.load-new-version" />
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
