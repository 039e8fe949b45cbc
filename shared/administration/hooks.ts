import { absent, equal } from '../licensing/clause.ts';
import type { Write } from '../platform/ports/table.ts';
import { invalidRequest } from '../platform/validation.ts';
import {
  type Hook,
  hookItem,
  hookOf,
  hookScopeItem,
  hookScopeOf,
  needsScopes,
  scopesOf,
} from '../sign-in/hooks/hook.ts';
import { hookHealthOf } from '../sign-in/hooks/hook-health.ts';
import { faultsOf } from '../sign-in/hooks/hook-rules.ts';
import { hookHealthKey, hookKey, hookPartition, hookScopeKey } from '../store/keys.ts';
import { type Update, unchanged, updateOptimistically } from '../store/optimistic-update.ts';
import type { RequestOf } from './administer-request.ts';
import type { TenantContext } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

/**
 * Configures a provider's hook as a whole. In the same transaction, it takes the Cognito pools and Auth0 tenants that
 * the hook serves. Each of them belongs to one hook only. A hook takes only those that the operator has granted to the
 * tenant, and keeps those that it has.
 */
export async function putHook(deps: TenantContext, request: RequestOf<'put-hook'>) {
  const { provider, settings, actor, expectedVersion } = request;
  const read = () => readHook(deps, provider);
  const put = await updateOptimistically(deps, read, async (before): Promise<Update<Hook, Hook | Refusal>> => {
    const faults = faultsOf(provider, settings, before?.settings, deps);
    if (faults.length > 0) return unchanged(invalidRequest(faults));
    if (expectedVersion !== undefined && expectedVersion !== (before?.version ?? 0))
      return unchanged(staleHook(before));
    const scopes = await scopeWrites(deps, before, { provider, settings });
    if (isRefusal(scopes)) return unchanged(scopes);
    const isSame = before !== undefined && JSON.stringify(before.settings) === JSON.stringify(settings);
    if (isSame && scopes.length === 0) return unchanged(before);
    const change = { actor, cause: 'put-hook', at: deps.clock.now() };
    const after = { tenant: deps.tenant.tenantId, provider, settings, version: (before?.version ?? 0) + 1, change };
    return { kind: 'write', writes: [hookWrite(before, after), ...scopes], after };
  });
  return isRefusal(put) ? put : viewHook(put);
}

export async function getHook(deps: TenantContext, { provider }: RequestOf<'get-hook'>) {
  const hook = await readHook(deps, provider);
  return hook === undefined ? unknownHook(provider) : viewHook(hook);
}

export async function listHooks({ table, tenant }: TenantContext) {
  const { items } = await table.query({ pk: hookPartition(tenant.tenantId) });
  return { hooks: items.map((item) => viewHook(hookOf(item))) };
}

type Deleted = { readonly deleted: true };

/** Deletes a hook. A missing hook is not an error. */
export async function deleteHook(deps: TenantContext, { provider, expectedVersion }: RequestOf<'delete-hook'>) {
  const read = () => readHook(deps, provider);
  return updateOptimistically(deps, read, async (before): Promise<Update<Deleted, Deleted | Refusal>> => {
    if (before === undefined) return unchanged({ deleted: true });
    if (expectedVersion !== undefined && expectedVersion !== before.version) return unchanged(staleHook(before));
    const gone: Write = { delete: hookKey(before.tenant, provider), onlyIf: [equal('version', before.version)] };
    const { own } = await heldScopes(deps, scopesOf(before));
    return { kind: 'write', writes: [gone, ...own.map((scope) => deleteScope(scope))], after: { deleted: true } };
  });
}

/** Returns when the provider last called the hook, and the last refusal, both exact to the minute. Two reads. */
export async function getHookHealth(deps: TenantContext, { provider }: RequestOf<'get-hook-health'>) {
  const { table, tenant } = deps;
  const [hook, item] = await table.getMany([hookKey, hookHealthKey].map((key) => key(tenant.tenantId, provider)));
  return hook === undefined ? unknownHook(provider) : { provider, ...hookHealthOf(item) };
}

async function readHook({ table, tenant }: TenantContext, provider: Hook['provider']): Promise<Hook | undefined> {
  const item = await table.get(hookKey(tenant.tenantId, provider));
  return item === undefined ? undefined : hookOf(item);
}

function hookWrite(before: Hook | undefined, after: Hook): Write {
  const put = hookItem(after);
  return { put, onlyIf: before === undefined ? [absent('pk')] : [equal('version', before.version)] };
}

/**
 * Returns the writes that take new scopes, each only if no hook has it, and delete scopes that the hook no longer
 * names. Refuses a scope that was not granted to the tenant, and one that another tenant's hook has. The words are the
 * same in both cases, so nobody learns whose pools are configured here.
 */
async function scopeWrites(
  deps: TenantContext,
  before: Hook | undefined,
  after: Pick<Hook, 'provider' | 'settings'>,
): Promise<readonly Write[] | Refusal> {
  const { tenant } = deps;
  const named = scopesOf(after);
  const former = before === undefined ? [] : scopesOf(before);
  const { own, foreign } = await heldScopes(deps, [...new Set([...named, ...former])]);
  const granted = tenant.settings.providerScopes ?? [];
  const wanted = named.filter((scope) => own.includes(scope) || (granted.includes(scope) && !foreign.includes(scope)));
  if (needsScopes(after) && wanted.length < named.length) {
    return notGranted(named.filter((scope) => !wanted.includes(scope)));
  }
  const taken = wanted.filter((scope) => !own.includes(scope));
  return [
    ...taken.map(
      (scope): Write => ({
        put: hookScopeItem(scope, { tenant: tenant.tenantId, provider: after.provider }),
        onlyIf: [absent('pk')],
      }),
    ),
    ...own.filter((scope) => !wanted.includes(scope)).map((scope) => deleteScope(scope)),
  ];
}

/** Returns which of the scopes the tenant's own hook has, and which belong to another tenant's hook. */
async function heldScopes({ table, tenant }: TenantContext, scopes: readonly string[]) {
  const items = await table.getMany(scopes.map(hookScopeKey));
  const held = scopes.flatMap((scope, index) => {
    const item = items[index];
    return item === undefined ? [] : [{ scope, isOwn: hookScopeOf(item).tenant === tenant.tenantId }];
  });
  return {
    own: held.flatMap(({ scope, isOwn }) => (isOwn ? [scope] : [])),
    foreign: held.flatMap(({ scope, isOwn }) => (isOwn ? [] : [scope])),
  };
}

/**
 * Deletes a scope without a condition. The condition on the hook's version, in the same transaction, ensures that the
 * hook still has it.
 */
function deleteScope(scope: string): Write {
  return { delete: hookScopeKey(scope) };
}

function notGranted(scopes: readonly string[]): Refusal {
  return refused(
    'forbidden',
    `${scopes.join(', ')}: not granted to the tenant. Leave it out, or ask the operator of the service to add it to the tenant's setting providerScopes.`,
  );
}

function staleHook(found: Hook | undefined): Refusal {
  const version = found?.version ?? 0;
  return refused('stale-version', 'The hook was changed since you read it. Read it again before you change it.', {
    version,
  });
}

function unknownHook(provider: string): Refusal {
  return refused('unknown-hook', `There is no hook for ${provider}. Configure it with put-hook, or see list-hooks.`);
}

function viewHook({ tenant, provider, settings, version }: Hook) {
  return { provider, path: `/hooks/${tenant}/${provider}`, settings, version };
}
