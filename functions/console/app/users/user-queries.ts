import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { Query } from '../api/types.ts';

export type CardQuery = Omit<Query<'/tenants/{tenant}/user-cards'>, 'cursor' | 'limit'>;
export type InactiveQuery = Omit<Query<'/tenants/{tenant}/inactive-holders'>, 'cursor' | 'limit'>;

const PAGE = 200;
const startOfList = (): string | undefined => undefined;

const cardList = (tenant: string, query: CardQuery) =>
  infiniteQueryOptions({
    queryKey: [...tenantKey(tenant), 'user-cards', query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/user-cards', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });

/** Asks for the first cards before the page is rendered, so that the service answers meanwhile. */
export function useEarlyUserCards(tenant: string, query: CardQuery, isShown: boolean): void {
  const client = useQueryClient();
  const list = cardList(tenant, query);
  if (isShown && client.getQueryState(list.queryKey) === undefined) void client.prefetchInfiniteQuery(list);
}

export function useUserCards(tenant: string, query: CardQuery) {
  return useInfiniteQuery({ ...cardList(tenant, query), placeholderData: keepPreviousData });
}

export function useInactiveHolders(tenant: string, query: InactiveQuery) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'inactive-holders', query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/inactive-holders', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
  });
}

const userCardKey = (tenant: string, user: string) => [...tenantKey(tenant), 'user-card', user];

export function readUserCard(tenant: string, user: string, signal?: AbortSignal) {
  return read(
    api.GET('/tenants/{tenant}/user-cards/{user}', {
      params: { path: { tenant, user } },
      ...(signal && { signal }),
    }),
  );
}

export function useUserCard(tenant: string, user: string) {
  return useQuery({
    queryKey: userCardKey(tenant, user),
    queryFn: ({ signal }) => readUserCard(tenant, user, signal),
    enabled: user !== '',
  });
}

/** The sessions of a user with their applications and providers, which the card leaves out. */
export function useSessions(tenant: string, user: string) {
  return useQuery({
    queryKey: [...userCardKey(tenant, user), 'sessions'],
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/sessions', { params: { path: { tenant }, query: { user } }, signal })),
    select: (answer) => answer.sessions,
  });
}

export function useUserHistory(tenant: string, user: string) {
  return useInfiniteQuery({
    queryKey: [...userCardKey(tenant, user), 'history'],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/user-cards/{user}/history', {
          params: { path: { tenant, user }, query: { limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
}
