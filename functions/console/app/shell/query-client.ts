import { MutationCache, type Query, QueryCache, QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem.ts';

const FRESH_MS = 5_000;

/** The client repeats only a request that got no answer: it has retried the others itself. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: keepData }),
  mutationCache: new MutationCache({ onError: readAgain }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Whether the service can be reached is seen by asking it. The browser knows only whether it has a network.
      networkMode: 'always',
      retry: (failures, error) => failures < 1 && Problem.from(error).status === 0,
    },
    mutations: { networkMode: 'always' },
  },
});

/**
 * Keeps a page, and what somebody is typing there, when the service does not answer the question again. A refusal takes
 * the place of what was read before.
 */
function keepData(error: Error, query: Query<unknown, unknown>): void {
  if (query.state.data === undefined || !Problem.from(error).isOpen) return;
  query.setState({ status: 'success', error: null, isInvalidated: true });
}

/** Finds out what became of a change whose outcome is not known. */
function readAgain(error: Error): void {
  if (Problem.from(error).isOpen) void queryClient.invalidateQueries();
}

/** Whether what a page shows could not be read, or not be read again. */
export function isUnanswered(query: Query): boolean {
  const { error, errorUpdatedAt, dataUpdatedAt } = query.state;
  return query.isActive() && errorUpdatedAt > dataUpdatedAt && (error === null || Problem.from(error).isOpen);
}
