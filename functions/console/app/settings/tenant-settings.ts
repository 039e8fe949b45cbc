import { useQuery } from '@tanstack/react-query';
import { api, read } from '../api/client.ts';
import { tenantKey } from '../api/queries.ts';
import type { Answer } from '../api/types.ts';
import { usePlace } from '../shell/me.ts';
import { useText } from '../texts/text.tsx';

export type Tenant = Answer<'/tenants/{tenant}'>;

export const readTenant = (tenant: string, signal?: AbortSignal) =>
  read(api.GET('/tenants/{tenant}', { params: { path: { tenant } }, ...(signal && { signal }) }));

export function useTenant() {
  const { tenant } = usePlace();
  return useQuery({
    queryKey: [...tenantKey(tenant), 'settings'],
    queryFn: ({ signal }) => readTenant(tenant, signal),
  });
}

/** Returns why this role may not change settings. Administrators and operators may. */
export function useSettingsReason(): string | undefined {
  const text = useText();
  return usePlace().caller.role === 'viewer' ? text('shell.viewer-cannot') : undefined;
}
