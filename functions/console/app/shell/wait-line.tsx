import { Hourglass, Unplug } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { currentWait, subscribeWaits } from '../api/waits.ts';
import { T } from '../texts/text.tsx';
import { Button } from '../ui/button.tsx';
import { isUnanswered, queryClient } from './query-client.ts';

const ASK_AGAIN_MS = 3_000;

/** Says what a request waits for before it is sent again, or that the page could not be read again. */
export function WaitLine() {
  const wait = useSyncExternalStore(subscribeWaits, currentWait);
  const isOld = useSyncExternalStore(queries.subscribe, () => queries.getAll().some(isUnanswered));
  useEffect(() => {
    if (!isOld) return;
    const timer = setInterval(askAgain, ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOld]);
  return (
    <div role="status">
      {isOld ? (
        <p className="wait-line">
          <Unplug size={15} aria-hidden />
          <T id="shell.unanswered" />
          <Button variant="quiet" onPress={askAgain}>
            <T id="shell.try-again" />
          </Button>
        </p>
      ) : (
        wait !== undefined && (
          <p className="wait-line">
            <Hourglass size={15} aria-hidden />
            <T id={`shell.wait-${reasonOf(wait.code)}`} values={{ seconds: Math.ceil(wait.milliseconds / 1_000) }} />
          </p>
        )
      )}
    </div>
  );
}

const queries = queryClient.getQueryCache();

/** Asks again for what was not answered. A question that is on its way is left alone. */
const askAgain = () => void queryClient.refetchQueries({ predicate: isUnanswered }, { cancelRefetch: false });

function reasonOf(code: string): 'busy' | 'in-progress' | 'too-many-calls' | 'failed' {
  return code === 'busy' || code === 'in-progress' || code === 'too-many-calls' ? code : 'failed';
}
