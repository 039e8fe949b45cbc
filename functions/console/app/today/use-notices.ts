import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { tenantKey, useLayoutCheck } from '../api/queries.ts';
import { noticesOf } from './notices.ts';

const A_WHILE_MS = 60_000;
const SOON_DAYS = 30;
const MOST = 1_000;

/**
 * What may need somebody. The service walks the whole tenant for some of it and does one such walk at a time, so those
 * are asked one after the other.
 */
export function useNotices(tenant: string) {
  const params = { path: { tenant } };
  const common = { staleTime: A_WHILE_MS };
  const key = (name: string) => [...tenantKey(tenant), 'today', name];
  const expiring = useQuery({
    ...common,
    queryKey: key('expiring'),
    queryFn: ({ signal }) =>
      read(
        api.GET('/tenants/{tenant}/expiring-licenses', {
          params: { ...params, query: { within: SOON_DAYS, limit: MOST } },
          signal,
        }),
      ),
  });
  const renewals = useQuery({
    ...common,
    queryKey: key('renewals'),
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/renewals', { params, signal })),
  });
  const imports = useQuery({
    ...common,
    queryKey: key('imports'),
    queryFn: ({ signal }) =>
      read(api.GET('/tenants/{tenant}/imports', { params: { ...params, query: { limit: 1 } }, signal })),
  });
  const draining = useQuery({
    ...common,
    queryKey: key('draining'),
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/draining-licenses', { params, signal })),
  });
  const inactive = useQuery({
    ...common,
    enabled: draining.isFetched,
    queryKey: key('inactive'),
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/inactive-holders', { params, signal })),
  });
  const usage = useQuery({
    ...common,
    enabled: inactive.isFetched,
    queryKey: key('usage'),
    queryFn: ({ signal }) => read(api.GET('/tenants/{tenant}/usage', { params, signal })),
  });
  const layout = useLayoutCheck(tenant, usage.isFetched);
  const all = [expiring, renewals, imports, draining, inactive, usage, layout];
  return {
    notices: noticesOf({
      expiring: expiring.data,
      renewals: renewals.data,
      imports: imports.data,
      draining: draining.data,
      inactive: inactive.data,
      usage: usage.data,
      layout: layout.data,
    }),
    isPending: all.some((query) => query.isPending),
    /** The first question that was not answered. */
    error: all.find((query) => query.isError)?.error,
    lastImport: imports.data?.imports[0],
    retry: () => Promise.all(all.filter((query) => query.isError).map((query) => query.refetch())),
  };
}
