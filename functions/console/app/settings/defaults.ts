/** What a new tenant has where nothing is set. A test compares it with the service's. */
export const DEFAULTS = {
  environment: 'cloud',
  idleTimeout: 'PT8H',
  cleanupHour: 3,
  setAsideWarningDays: 7,
  refuseWithoutLicense: false,
  claims: 'at-creation',
  onLeave: 'keep',
  publicKeys: {},
} as const;

/** What the hook of each provider must have, and what it may have. A test compares it with the service's rules. */
export const HOOK_RULES = {
  cognito: { needs: ['tenants'], may: ['clientIds'] },
  okta: { needs: ['tenants', 'authorization'], may: ['clientIds'] },
  entra: { needs: ['tenants', 'jwks', 'issuer', 'audience'], may: ['appId', 'clientState', 'clientIds'] },
  auth0: { needs: ['tenants'], may: ['authorization', 'secret', 'clientIds'] },
  keycloak: { needs: ['tenants', 'secret'], may: ['clientIds'] },
  'oidc-backchannel': { needs: ['jwks', 'issuer', 'audience'], may: [] },
  ssf: { needs: ['jwks', 'issuer', 'audience'], may: ['authorization'] },
  'standard-webhooks': { needs: ['tenants', 'secret'], may: ['clientIds'] },
} as const;
