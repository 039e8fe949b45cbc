import { grownBeyond, type Lists } from '../../licensing/limits.ts';
import { isWebhookAddress, NOT_AN_ADDRESS, type Reach } from '../../platform/public-address.ts';
import type { RequestFault } from '../../platform/validation.ts';
import type { Provider } from '../providers/providers.ts';
import type { HookConfiguration } from './hook.ts';

type Name = keyof HookConfiguration;

type Rule = { readonly needs: readonly Name[]; readonly may: readonly Name[] };

/**
 * The settings that each provider's hook must have, because nothing could be proven without them, and those that it may
 * have.
 */
export const RULES: Readonly<Record<Provider, Rule>> = {
  cognito: { needs: ['tenants'], may: ['clientIds'] },
  okta: { needs: ['tenants', 'authorization'], may: ['clientIds'] },
  entra: { needs: ['tenants', 'jwks', 'issuer', 'audience'], may: ['appId', 'clientState', 'clientIds'] },
  // For its log stream, its Action, or EventBridge alone.
  auth0: { needs: ['tenants'], may: ['authorization', 'secret', 'clientIds'] },
  keycloak: { needs: ['tenants', 'secret'], may: ['clientIds'] },
  'oidc-backchannel': { needs: ['jwks', 'issuer', 'audience'], may: [] },
  ssf: { needs: ['jwks', 'issuer', 'audience'], may: ['authorization'] },
  'standard-webhooks': { needs: ['tenants', 'secret'], may: ['clientIds'] },
};

/**
 * Returns what is wrong with a provider's settings, beyond their form. The texts repeat no value. What was beyond a
 * limit in the settings `before` is not a fault.
 */
export function faultsOf(
  provider: Provider,
  settings: HookConfiguration,
  before?: HookConfiguration,
  reach: Reach = {},
): readonly RequestFault[] {
  const { needs, may } = RULES[provider];
  const given = namesIn(settings);
  const missing = needs.filter((name) => !given.includes(name));
  const foreign = given.filter((name) => !needs.includes(name) && !may.includes(name));
  const { tenants, jwks } = settings;
  return [
    ...missing.map((name) => fault(name, `is missing: a hook of ${provider} needs it`)),
    ...foreign.map((name) => fault(name, `is no setting of ${provider}`)),
    ...tenants
      .filter((tenantId) => !tenantId.startsWith(`${provider}:`))
      .map(() => fault('tenants', `must each begin with "${provider}:"`)),
    ...grownBeyond(before === undefined ? {} : listsOf(before), listsOf(settings)),
    ...(typeof jwks === 'string' && !isWebhookAddress(jwks, reach) ? [fault('jwks', NOT_AN_ADDRESS)] : []),
    ...(typeof jwks === 'object' && jwks.keys.some(isSecret) ? [fault('jwks', 'must hold public keys only')] : []),
  ];
}

/** Each key of a key set is an entry, or its address is the only entry. */
function listsOf({ jwks, appId, ...lists }: HookConfiguration): Lists {
  const {
    tenants,
    authorization = [],
    secret = [],
    issuer = [],
    audience = [],
    clientState = [],
    clientIds = [],
  } = lists;
  return {
    tenants,
    authorization,
    secret,
    issuer,
    audience,
    clientState,
    clientIds,
    jwks: typeof jwks === 'object' ? jwks.keys.map((key) => JSON.stringify(key)) : [jwks ?? ''],
    appId: [appId ?? ''],
  };
}

function namesIn(settings: HookConfiguration): readonly Name[] {
  const names = new Set(Object.entries(settings).flatMap(([name, value]) => (isGiven(value) ? [name] : [])));
  return ALL.filter((name) => names.has(name));
}

const ALL = [
  ...(['tenants', 'authorization', 'secret', 'jwks', 'issuer', 'audience', 'appId', 'clientState'] as const),
  'clientIds',
] as const satisfies readonly Name[];

function isGiven(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** Returns whether the key is private, or symmetric. */
function isSecret(key: { readonly kty: string; readonly [member: string]: unknown }): boolean {
  return key.kty === 'oct' || 'd' in key || 'k' in key;
}

function fault(name: Name, text: string): RequestFault {
  return { place: `settings.${name}`, text };
}
