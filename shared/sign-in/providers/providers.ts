/** The identity providers that are known, by the names that stand in a hook's address. */
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
