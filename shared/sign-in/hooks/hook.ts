import * as z from 'zod/mini';
import type { Change } from '../../licensing/license/license.ts';
import { NOT_A_REFERENCE, secretReference } from '../../platform/ports/secret-reference.ts';
import type { Item } from '../../platform/ports/table.ts';
import { isWebhookAddress, NOT_AN_ADDRESS } from '../../platform/public-address.ts';
import { change } from '../../store/items.ts';
import { hookKey, hookScopeKey } from '../../store/keys.ts';
import { oneOrMore, parseJson, settingsShape } from '../providers/hook-request.ts';
import { PROVIDERS, type Provider } from '../providers/providers.ts';

/** The settings of a hook as they are stored, with references in place of secrets. A misspelled name is a fault. */
const storedConfiguration = z.strictObject(settingsShape(oneOrMore(secretReference, NOT_A_REFERENCE)));

export type HookConfiguration = z.infer<typeof storedConfiguration>;

/**
 * The settings as a command gives them: no keys from an internal address. An address of this machine is refused later,
 * if the service is not the local stack (`hook-rules.ts`).
 */
export const hookConfiguration = storedConfiguration.check(
  z.refine(({ jwks }) => typeof jwks !== 'string' || isWebhookAddress(jwks, { mayBeLocal: true }), {
    path: ['jwks'],
    error: NOT_AN_ADDRESS,
  }),
);

/** What a tenant has configured for one identity provider. */
export type Hook = {
  readonly tenant: string;
  readonly provider: Provider;
  readonly settings: HookConfiguration;
  readonly version: number;
  readonly change: Change;
};

const stored = z.object({
  tenant: z.string(),
  provider: z.enum(PROVIDERS),
  /** Stored as JSON, because a key set holds whatever its provider writes. */
  settings: z.string(),
  version: z.number(),
  change,
});

export function hookItem(hook: Hook): Item {
  return { ...hook, ...hookKey(hook.tenant, hook.provider), settings: JSON.stringify(hook.settings) };
}

export function hookOf(item: Item): Hook {
  const { settings, ...hook } = stored.parse(item);
  return { ...hook, settings: storedConfiguration.parse(parseJson(settings)?.value) };
}

/** The owner of the hook that speaks for a tenant of the provider. */
export type HookScope = Pick<Hook, 'tenant' | 'provider'>;

const storedScope = z.object({ tenant: z.string(), provider: z.enum(PROVIDERS) });

export function hookScopeItem(scope: string, { tenant, provider }: HookScope): Item {
  return { ...hookScopeKey(scope), tenant, provider };
}

export function hookScopeOf(item: Item): HookScope {
  return storedScope.parse(item);
}

type Configured = Pick<Hook, 'provider' | 'settings'>;

/** Returns the providers' own tenants that only one hook can have, because their events do not name our tenant. */
export function scopesOf({ provider, settings }: Configured): readonly string[] {
  return provider === 'cognito' || provider === 'auth0' ? [...new Set(settings.tenants)] : [];
}

/** Returns whether the hook needs its scopes. Auth0 also calls by HTTP, under our tenant's name and with a proof. */
export function needsScopes({ provider, settings }: Configured): boolean {
  const isCalled = settings.authorization !== undefined || settings.secret !== undefined;
  return provider === 'cognito' || (provider === 'auth0' && !isCalled);
}
