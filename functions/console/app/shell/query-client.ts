import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../api/problem.ts';

const FRESH_MS = 5_000;

/** The client repeats only a request that got no answer: it has retried the others itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < 1 && Problem.from(error).status === 0,
    },
  },
});
