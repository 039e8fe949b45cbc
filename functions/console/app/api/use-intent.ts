import { useRef } from 'react';
import { intent, newIntent } from './client.ts';
import { Problem } from './problem.ts';

/**
 * Returns a function that sends a change with the key of its intent. Sent again after a failure that leaves the outcome
 * open, the change has the same key, so it is made once. After an answer, the next press is another intent.
 */
export function useIntent(): <T>(send: (header: ReturnType<typeof intent>) => Promise<T>) => Promise<T> {
  const key = useRef<string>(undefined);
  return async (send) => {
    key.current ??= newIntent();
    try {
      const answer = await send(intent(key.current));
      key.current = undefined;
      return answer;
    } catch (error) {
      if (!isOpen(Problem.from(error))) key.current = undefined;
      throw error;
    }
  };
}

/** Whether the change may have been made, or still be under way, although it was answered with a problem. */
const isOpen = ({ status, code }: Problem) => status === 0 || status === 429 || status >= 500 || code === 'in-progress';
