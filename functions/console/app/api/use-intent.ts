import { useRef } from 'react';
import { intent, newIntent } from './client.ts';
import { Problem } from './problem.ts';

/**
 * Returns a function that sends a change with the key of its intent. Sent again after a failure that leaves the outcome
 * open, the change has the same key, so it is made once. After an answer, the next press is another intent, and so is
 * another change: `what` tells one from the other.
 */
export function useIntent(): <T>(
  send: (header: ReturnType<typeof intent>) => Promise<T>,
  what?: unknown,
) => Promise<T> {
  const open = useRef<{ readonly key: string; readonly what: string }>(undefined);
  return async (send, what = '') => {
    const wanted = JSON.stringify(what);
    if (open.current?.what !== wanted) open.current = { key: newIntent(), what: wanted };
    try {
      const answer = await send(intent(open.current.key));
      open.current = undefined;
      return answer;
    } catch (error) {
      const problem = Problem.ofChange(error);
      // A part of a long change may have been made before the session ended.
      if (!problem.isOpen && problem.status !== 401) open.current = undefined;
      throw problem;
    }
  };
}
