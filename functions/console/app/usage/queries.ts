import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';

export type Peak = Answer<'/tenants/{tenant}/usage/peaks'>['peaks'][number];
export type PoolCounts = Answer<'/tenants/{tenant}/pools'>['pools'][number];

type Days = { readonly from: string; readonly to: string };

export function usePools(tenant: string) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'pools'],
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/pools', { params: { path: { tenant } }, signal })),
  });
}

/** Reads all pages, because a picture shows the whole period. */
export function usePeaks(tenant: string, by: 'day' | 'hour', { from, to }: Days) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'peaks', by, from, to],
    queryFn: async ({ signal }) => {
      const peaks: Peak[] = [];
      let cursor: string | undefined;
      do {
        const query = { by, from, to, cursor, limit: 1_000 };
        const page = await read(
          api.GET('/tenants/{tenant}/usage/peaks', { params: { path: { tenant }, query }, signal }),
        );
        peaks.push(...page.peaks);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return peaks;
    },
  });
}

export function useNeeds(tenant: string, { from, to }: Days) {
  return useQuery({
    queryKey: [...tenantKey(tenant), 'needs', from, to],
    queryFn: ({ signal }) =>
      read(
        api.GET('/tenants/{tenant}/needs', { params: { path: { tenant }, query: { by: 'day', from, to } }, signal }),
      ),
  });
}
