import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { startOfList, tenantKey } from '../api/queries.ts';
import type { Query, Renewal, RenewalProgress, RenewalStatus } from '../api/types.ts';

const MOVING_MS = 2_000;
const WAITING_MS = 15_000;
const ROWS = 1_000;

/** How soon a renewal is asked for again. One that is over does not change any more. */
function askAgain(status: RenewalStatus | undefined): number | false {
  switch (status) {
    case 'running':
    case 'undoing':
      return MOVING_MS;
    case 'waiting-for-term':
    case 'waiting-for-cleanup':
    case 'stopped':
    case 'planned':
    case 'approved':
      return WAITING_MS;
    case 'finished':
    case 'undone':
    case undefined:
      return false;
  }
}

export function useRenewals(tenant: string) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'renewals'],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/renewals', { params: { path: { tenant } }, signal })),
    refetchInterval: ({ state }) =>
      state.data?.renewals.some(({ status }) => askAgain(status) !== false) ? WAITING_MS : false,
  });
}

/**
 * How far a renewal has come, asked for again and again while it moves. `acted` is the version that somebody has just
 * started or undone: the renewal begins to move a moment later.
 */
export function useRenewalProgress(tenant: string, renewalId: string, acted: string | undefined) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'renewal', renewalId, 'progress'],
    queryFn: async ({ signal }): Promise<RenewalProgress> => {
      const path = { tenant, renewalId };
      const answer = await read(
        api.GET('/tenants/{tenant}/renewals/{renewalId}', { params: { path, query: { rows: 'none' } }, signal }),
      );
      if (!('progress' in answer)) throw new Problem('service-failed', 0);
      return answer;
    },
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.version === acted ? MOVING_MS : askAgain(data?.status),
  });
}

type Version = Pick<RenewalProgress, 'renewalId' | 'version'>;

/** A renewal with its summary: who loses a license, who waits, what is left over. It is read anew with each version. */
export function useRenewal(tenant: string, { renewalId, version }: Version) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'renewal', renewalId, 'whole', version],
    queryFn: async ({ signal }): Promise<Renewal> => {
      const answer = await read(
        api.GET('/tenants/{tenant}/renewals/{renewalId}', { params: { path: { tenant, renewalId } }, signal }),
      );
      if (!('shortfall' in answer)) throw new Problem('service-failed', 0);
      return answer;
    },
  });
}

export type RowQuery = Omit<Query<'/tenants/{tenant}/renewals/{renewalId}/rows'>, 'cursor' | 'limit'>;

export function useRenewalRows(tenant: string, { renewalId, version }: Version, query: RowQuery) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'renewal', renewalId, 'rows', version, query],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/renewals/{renewalId}/rows', {
          params: { path: { tenant, renewalId }, query: { ...query, limit: ROWS, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
}

const EVERY_ROW: RowQuery = {};

/** All rows of a renewal, page after page. */
export function useAllRows(tenant: string, renewal: Version) {
  const rows = useRenewalRows(tenant, renewal, EVERY_ROW);
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = rows;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  return rows;
}

export function useRenewalEndings(tenant: string, { renewalId, version }: Version) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'renewal', renewalId, 'endings', version],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/renewals/{renewalId}/endings', {
          params: { path: { tenant, renewalId }, query: { cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
  });
}

export function useDifferences(tenant: string, { renewalId, version }: Version) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'renewal', renewalId, 'differences', version],
    queryFn: ({ signal }) =>
      read(
        api.GET('/tenants/{tenant}/renewals/{renewalId}/differences', {
          params: { path: { tenant, renewalId } },
          signal,
        }),
      ),
  });
}

/** Licenses that somebody still works on although they were set aside or released. */
export function useDraining(tenant: string) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'draining'],
    queryFn: ({ signal }) =>
      read(
        api.GET('/tenants/{tenant}/draining-licenses', {
          params: { path: { tenant }, query: { limit: ROWS } },
          signal,
        }),
      ),
    refetchInterval: WAITING_MS,
  });
}
