import { Hourglass } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { currentWait, subscribeWaits } from '../api/waits.ts';
import { T } from '../texts/text.tsx';

/** Says what a request waits for before it is sent again. */
export function WaitLine() {
  const wait = useSyncExternalStore(subscribeWaits, currentWait);
  return (
    <div role="status">
      {wait !== undefined && (
        <p className="wait-line">
          <Hourglass size={15} aria-hidden />
          <T id={`shell.wait-${reasonOf(wait.code)}`} values={{ seconds: Math.ceil(wait.milliseconds / 1_000) }} />
        </p>
      )}
    </div>
  );
}

function reasonOf(code: string): 'busy' | 'in-progress' | 'too-many-calls' | 'failed' {
  return code === 'busy' || code === 'in-progress' || code === 'too-many-calls' ? code : 'failed';
}
