import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { Problem } from '../api/problem.ts';
import { tenantKey } from '../api/queries.ts';
import type { ImportOutcome } from '../api/types.ts';

const startOfList = (): string | undefined => undefined;
const RUNNING_MS = 2_000;

export function useImports(tenant: string) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'imports'],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/imports', {
          params: { path: { tenant }, query: { limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ imports }) => imports.some(({ status }) => status === 'running')) ? RUNNING_MS : false,
  });
}

export function useImportReport(tenant: string, importId: string) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'import', importId],
    queryFn: async ({ pageParam, signal }) => {
      const report = await read(
        api.GET('/tenants/{tenant}/imports/{importId}', {
          params: { path: { tenant, importId }, query: { cursor: pageParam } },
          signal,
        }),
      );
      // Only a text that nobody asked for has no counts.
      if (!('counts' in report)) throw new Problem('service-failed', 0);
      return report;
    },
    initialPageParam: startOfList(),
    getNextPageParam: (report) => ('cursor' in report ? report.cursor : undefined),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.status === 'running' ? RUNNING_MS : false),
  });
}

export function useImportPreview(tenant: string, previewId: string, outcome: ImportOutcome | undefined) {
  return useInfiniteQuery({
    queryKey: [...tenantKey(tenant), 'import-preview', previewId, outcome],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/tenants/{tenant}/import-previews/{previewId}', {
          params: { path: { tenant, previewId }, query: { outcome, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: startOfList(),
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
  });
}
