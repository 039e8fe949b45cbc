import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, intent, newIntent, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { paths } from '../described/api.ts';

type Path = paths['/tenants/{tenant}/explanations']['post'];
export type Question = Omit<NonNullable<Path['requestBody']>['content']['application/json'], 'cursor' | 'limit'>;
export type Explanation = Path['responses'][200]['content']['application/json'];
export type Foreseen = Explanation['people'][number];

const PAGE = 200;

/** Asks who would get what. It changes nothing, so each question is a request of its own. */
export function useExplanation(tenant: string, question: Question, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'explanation', question],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.POST('/tenants/{tenant}/explanations', {
          params: { path: { tenant }, header: intent(newIntent()) },
          body: { ...question, limit: PAGE, ...(pageParam !== undefined && { cursor: pageParam }) },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
    enabled,
  });
}

const startOfList = (): string | undefined => undefined;
