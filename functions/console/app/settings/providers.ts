import { api, read } from '../api/client.ts';
import type { Answer } from '../api/types.ts';

export type Hook = Answer<'/tenants/{tenant}/hooks/{provider}'>;
export type Provider = Hook['provider'];

/** The identity providers by their names, which are the same in every language. */
export const PROVIDER_NAMES: Readonly<Record<Provider, string>> = {
  cognito: 'Amazon Cognito',
  okta: 'Okta',
  entra: 'Microsoft Entra ID',
  auth0: 'Auth0',
  keycloak: 'Keycloak',
  'oidc-backchannel': 'OpenID Connect Back-Channel Logout',
  ssf: 'Shared Signals (SSF, CAEP)',
  'standard-webhooks': 'Standard Webhooks',
};

export const PROVIDERS: readonly Provider[] = [
  'cognito',
  'okta',
  'entra',
  'auth0',
  'keycloak',
  'oidc-backchannel',
  'ssf',
  'standard-webhooks',
];

/** The settings of a hook. `secrets` are references to a store of secrets, never secrets themselves. */
export const HOOK_FIELDS = [
  'issuer',
  'audience',
  'jwks',
  'secret',
  'authorization',
  'clientState',
  'appId',
  'clientIds',
  'tenants',
] as const satisfies readonly (keyof Hook['settings'])[];

export type HookField = (typeof HOOK_FIELDS)[number];

/** Returns the values of a setting as texts. Keys that stand in the settings themselves are JSON. */
export function valuesOf(settings: Hook['settings'], field: (typeof HOOK_FIELDS)[number]): readonly string[] {
  const value = settings[field];
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return [typeof value === 'string' ? value : JSON.stringify(value)];
}

export async function readHooks(tenant: string, signal?: AbortSignal): Promise<readonly Hook[]> {
  const params = { path: { tenant } };
  return (await read(api.GET('/tenants/{tenant}/hooks', { params, ...(signal && { signal }) }))).hooks;
}
