import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  usePrefetchInfiniteQuery,
  useQuery,
} from '@tanstack/react-query';
import { api, read } from './client.ts';
import type { Query } from './types.ts';

/** The keys of what is kept of the service's answers. A change invalidates everything of its tenant. */
export const tenantKey = (tenant: string) => ['tenant', tenant];

/** For what costs the service a walk through the tenant. A change that is made here asks anew at once. */
const A_WHILE_MS = 60_000;

export function useFolders(tenant: string) {
  return useQuery({
    staleTime: A_WHILE_MS,
    queryKey: [...tenantKey(tenant), 'folders'],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/folders', { params: { path: { tenant } }, signal })),
  });
}

/** The files in the area for renewals. A hundred of them are more than anybody keeps there. */
export function useWaitingUploads(tenant: string) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'waiting-uploads'],
    queryFn: async ({ signal }) => {
      const params = { path: { tenant } };
      const { uploads } = await read(api.GET('/tenants/{tenant}/waiting-uploads', { params, signal }));
      return uploads;
    },
  });
}

/** What deserves a look in the folders. The service reads the whole tenant for it. */
export function useLayoutCheck(tenant: string, enabled: boolean) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'layout-check'],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/layout-check', { params: { path: { tenant } }, signal })),
    enabled,
    staleTime: A_WHILE_MS,
  });
}

export type LicenseQuery = Omit<Query<'/tenants/{tenant}/licenses'>, 'cursor' | 'limit'>;

const PAGE = 200;

export function useLicenses(tenant: string, query: LicenseQuery) {
  const list = infiniteQueryOptions({
    queryKey: [...tenantKey(tenant), 'licenses', query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/licenses', {
          params: { path: { tenant }, query: { ...query, limit: PAGE, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
  // Asks before the page is rendered, so that the service answers meanwhile.
  usePrefetchInfiniteQuery(list);
  return useInfiniteQuery({ ...list, placeholderData: keepPreviousData });
}

/** The first page of a list has no cursor. */
export const startOfList = (): string | undefined => undefined;
