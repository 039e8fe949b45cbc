import { type Hook, hookItem, hookOf, hookScopeItem, hookScopeOf, scopesOf } from '../hooks/hook.ts';
import { faultsOf } from '../hooks/hook-rules.ts';
import { absent, equal, sameValue } from '../licensing/clause.ts';
import { invalidRequest } from '../runtime/decoding.ts';
import { untilAnswered } from '../runtime/retry.ts';
import { hookKey, hookPartition, hookScopeKey } from '../store/keys.ts';
import type { Write } from '../store/table.ts';
import type { RequestOf } from './administer-request.ts';
import type { OfTenant } from './deps.ts';
import { isRefusal, type Refusal, refused } from './refusal.ts';

/**
 * Configures a provider's hook as a whole. What identifies the tenant of a Cognito pool or of an Auth0 bus is written in
 * the same transaction, and may be one hook's only.
 */
export async function putHook(deps: OfTenant, request: RequestOf<'put-hook'>) {
  const { provider, settings, actor, expectedVersion } = request;
  const faults = faultsOf(provider, settings, deps);
  if (faults.length > 0) return invalidRequest(faults);
  let tried: Hook | undefined;
  const put = await untilAnswered(deps, async () => {
    const before = await readHook(deps, provider);
    if (before !== undefined && tried !== undefined && sameValue(before, tried)) return before;
    if (expectedVersion !== undefined && expectedVersion !== (before?.version ?? 0)) return staleHook(before);
    if (before !== undefined && JSON.stringify(before.settings) === JSON.stringify(settings)) return before;
    const foreign = await foreignScope(deps, { provider, settings });
    if (foreign !== undefined) return foreign;
    const change = { actor, cause: 'put-hook', at: deps.clock.now() };
    const after: Hook = { tenant: deps.tenant.tenant, provider, settings, version: (before?.version ?? 0) + 1, change };
    tried = after;
    const answer = await deps.table.write([hookWrite(before, after), ...scopeWrites(before, after)]);
    return answer.done ? after : undefined;
  });
  return isRefusal(put) ? put : shownHook(put);
}

export async function getHook(deps: OfTenant, { provider }: RequestOf<'get-hook'>) {
  const hook = await readHook(deps, provider);
  return hook === undefined ? unknownHook(provider) : shownHook(hook);
}

export async function listHooks({ table, tenant }: OfTenant) {
  const { items } = await table.query({ pk: hookPartition(tenant.tenant) });
  return { hooks: items.map((item) => shownHook(hookOf(item))) };
}

/** Deleting a hook that is not there is no error. */
export async function deleteHook(deps: OfTenant, { provider, expectedVersion }: RequestOf<'delete-hook'>) {
  return untilAnswered(deps, async () => {
    const before = await readHook(deps, provider);
    if (before === undefined) return { deleted: true };
    if (expectedVersion !== undefined && expectedVersion !== before.version) return staleHook(before);
    const gone: Write = { delete: hookKey(before.tenant, provider), onlyIf: [equal('version', before.version)] };
    const answer = await deps.table.write([gone, ...scopeWrites(before, undefined)]);
    return answer.done ? { deleted: true } : undefined;
  });
}

async function readHook({ table, tenant }: OfTenant, provider: Hook['provider']): Promise<Hook | undefined> {
  const item = await table.get(hookKey(tenant.tenant, provider));
  return item === undefined ? undefined : hookOf(item);
}

function hookWrite(before: Hook | undefined, after: Hook): Write {
  const put = hookItem(after);
  return { put, onlyIf: before === undefined ? [absent('pk')] : [equal('version', before.version)] };
}

/** Refused when another tenant's hook took one of them meanwhile. */
function scopeWrites(before: Hook | undefined, after: Hook | undefined): readonly Write[] {
  const old = before === undefined ? [] : scopesOf(before);
  const wanted = after === undefined ? [] : scopesOf(after);
  const added = wanted.filter((scope) => !old.includes(scope));
  return [
    ...(after === undefined
      ? []
      : added.map((scope): Write => ({ put: hookScopeItem(scope, after), onlyIf: [absent('pk')] }))),
    ...old.filter((scope) => !wanted.includes(scope)).map((scope): Write => ({ delete: hookScopeKey(scope) })),
  ];
}

async function foreignScope(
  { table, tenant }: OfTenant,
  hook: Pick<Hook, 'provider' | 'settings'>,
): Promise<Refusal | undefined> {
  for (const scope of scopesOf(hook)) {
    const item = await table.get(hookScopeKey(scope));
    if (item === undefined || hookScopeOf(item).tenant === tenant.tenant) continue;
    return refused(
      'conflict',
      `"${scope}" cannot be this hook's: take it out. If it is yours, ask the operator of the service.`,
    );
  }
  return undefined;
}

function staleHook(found: Hook | undefined): Refusal {
  const version = found?.version ?? 0;
  return refused('stale-version', 'The hook was changed since you read it. Look at it again.', { version });
}

function unknownHook(provider: string): Refusal {
  return refused('unknown-hook', `There is no hook of ${provider}. Configure it with put-hook, or see list-hooks.`);
}

function shownHook({ tenant, provider, settings, version }: Hook) {
  return { provider, path: `/hooks/${tenant}/${provider}`, settings, version };
}
