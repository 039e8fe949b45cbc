import type { Answer } from '../api/types.ts';

type Provider = NonNullable<Answer<'/tenants/{tenant}/sessions'>['sessions'][number]['provider']>;

/** The identity providers by the names that their vendors give them. They are the same in every language. */
export const PROVIDER_NAMES: Readonly<Record<Provider, string>> = {
  cognito: 'Amazon Cognito',
  okta: 'Okta',
  entra: 'Microsoft Entra ID',
  auth0: 'Auth0',
  keycloak: 'Keycloak',
  'oidc-backchannel': 'OpenID Connect',
  ssf: 'Shared Signals',
  'standard-webhooks': 'Standard Webhooks',
};
