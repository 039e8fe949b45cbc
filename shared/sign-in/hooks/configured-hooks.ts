import { MINUTE } from '../../licensing/time.ts';
import { cached } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReadSecret } from '../../platform/ports/read-secret.ts';
import { readReference } from '../../platform/ports/secret-reference.ts';
import type { Table } from '../../platform/ports/table.ts';
import { cognitoUserKey, hookKey, hookScopeKey } from '../../store/keys.ts';
import type { HookSettings } from '../providers/hook-request.ts';
import type { Provider } from '../providers/providers.ts';
import { tenantOfCognitoUser } from '../sessions/session-owner.ts';
import { cachedSecrets } from './cached-secrets.ts';
import { type Hook, hookOf, hookScopeOf } from './hook.ts';

/** A hook with its secrets in place of the references. */
export type ConfiguredHook = {
  readonly tenant: string;
  readonly settings: HookSettings;
  /** The settings whose references lead to no secret. No call can be proven with them until a secret is stored. */
  readonly missing: readonly string[];
};

export type ConfiguredHooks = {
  /** Returns undefined when the tenant has no hook of this provider, or does not exist. */
  readonly of: (tenantId: string, provider: Provider) => Promise<ConfiguredHook | undefined>;
  /** Returns the hook that speaks for a tenant of the provider. */
  readonly ofScope: (provider: Provider, scope: string) => Promise<ConfiguredHook | undefined>;
  /** Returns the Cognito hook through which a user has logged in. */
  readonly ofCognitoUser: (sub: string) => Promise<ConfiguredHook | undefined>;
};

/** The secrets that a proof needs could not be read. So nothing is known about the call, and it may be sent again. */
export class SecretUnavailable extends Error {
  override readonly name = 'SecretUnavailable';
}

/**
 * Returns hooks that are up to a minute old, with secrets that are up to five minutes old. The absence of a hook or a
 * secret is cached for half a minute, so calls without one do not cost a read each.
 */
export function configuredHooks(table: Table, readSecret: ReadSecret, clock: Clock): ConfiguredHooks {
  const secrets = cachedSecrets(readSecret, clock);

  const readHook = async (tenantId: string, provider: Provider) => {
    const item = await table.get(hookKey(tenantId, provider));
    return item === undefined ? undefined : hookOf(item);
  };
  const readScope = async (scope: string) => {
    const item = await table.get(hookScopeKey(scope));
    return item === undefined ? undefined : hookScopeOf(item);
  };
  const hooks = cached(readHook, clock, MINUTE);
  const scopes = cached(readScope, clock, MINUTE);

  /**
   * Reads the secrets to which the references lead. Leaves out those that do not exist, because during a rotation one
   * of two may be gone already.
   */
  async function readSecrets(
    tenantId: string,
    references: readonly string[] | undefined,
  ): Promise<readonly string[] | undefined> {
    if (references === undefined) return undefined;
    const answers = await Promise.allSettled(
      references.flatMap((text) => readReference(text) ?? []).map((reference) => secrets(tenantId, reference)),
    );
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' && answer.value ? [answer.value] : []));
    if (found.length === 0 && answers.some(({ status }) => status === 'rejected')) {
      throw new SecretUnavailable('no secret of the hook could be read');
    }
    return found;
  }

  async function withSecrets({ tenant, settings }: Hook): Promise<ConfiguredHook> {
    const [authorization, secret, clientState] = await Promise.all([
      readSecrets(tenant, settings.authorization),
      readSecrets(tenant, settings.secret),
      readSecrets(tenant, settings.clientState),
    ]);
    const secrets = { authorization, secret, clientState };
    const missing = Object.entries(secrets).flatMap(([name, found]) => (found?.length === 0 ? [name] : []));
    return { tenant, settings: { ...settings, ...secrets }, missing };
  }

  const of = async (tenantId: string, provider: Provider) => {
    const hook = await hooks(tenantId, provider);
    return hook === undefined ? undefined : withSecrets(hook);
  };
  return {
    of,
    ofScope: async (provider, scope) => {
      const found = await scopes(scope);
      return found === undefined || found.provider !== provider ? undefined : of(found.tenant, provider);
    },
    ofCognitoUser: async (sub) => {
      const item = await table.get(cognitoUserKey(sub));
      return item === undefined ? undefined : of(tenantOfCognitoUser(item), 'cognito');
    },
  };
}
