/** The known identity providers, by the names in the addresses of their hooks. */
export const PROVIDERS = [
  'cognito',
  'okta',
  'entra',
  'auth0',
  'keycloak',
  'oidc-backchannel',
  'ssf',
  'standard-webhooks',
] as const;

export type Provider = (typeof PROVIDERS)[number];
