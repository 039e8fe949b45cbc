import { describe, expect, it } from 'vitest';
import { type Hook, hookItem, hookScopeItem } from '../../shared/sign-in/hooks/hook.ts';
import type { Provider } from '../../shared/sign-in/providers/providers.ts';
import { hookScopeKey } from '../../shared/store/keys.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';

const POOL = 'cognito:eu-north-1_Lp4QzT7aB';
const AUTH0 = 'auth0:acme';
const HTTP = { tenants: [AUTH0], authorization: 'ssm:stream' };
const CHANGE = { actor: 'test', cause: 'put-hook', at: '2026-01-01T00:00:00.000Z' };

/** Two tenants of which `globex` has what is said. */
async function twoTenants({ granted = [] as readonly string[], heldBy = {} as Readonly<Record<string, string>> } = {}) {
  const table = memoryTable();
  const { ask } = await aCommandWorld({ table });
  await ask('create-tenant', { settings: { customers: ['globex'], timeZone: 'UTC' } }, 'globex');
  if (granted.length > 0) await ask('update-tenant', { settings: { providerScopes: granted } }, 'globex');
  for (const [scope, tenant] of Object.entries(heldBy)) {
    const provider: Provider = scope.startsWith('cognito') ? 'cognito' : 'auth0';
    const hook = { tenant, provider, settings: { tenants: [scope] }, version: 1, change: CHANGE } satisfies Hook;
    await table.write([{ put: hookItem(hook) }, { put: hookScopeItem(scope, hook) }]);
  }
  const put = (provider: string, settings: object, tenant = 'globex') =>
    ask('put-hook', { provider, settings }, tenant);
  const holder = async (scope: string) => (await table.get(hookScopeKey(scope)))?.['tenant'];
  return { ask, put, holder };
}

const WAYS = [
  ['a Cognito hook', 'cognito', POOL, { tenants: [POOL] }],
  ['an Auth0 hook by EventBridge', 'auth0', AUTH0, { tenants: [AUTH0] }],
] as const;

describe.each(WAYS)('%s', (_what, provider, scope, settings) => {
  it('is refused in the same words for a scope that was not granted, whether it is free or taken', async () => {
    const free = await twoTenants();
    const taken = await twoTenants({ heldBy: { [scope]: 'acme' } });
    const takenThoughGranted = await twoTenants({ granted: [scope], heldBy: { [scope]: 'acme' } });

    const answers = [];
    for (const world of [free, taken, takenThoughGranted]) answers.push(await world.put(provider, settings));

    expect(answers[0]).toEqual(refusal('forbidden'));
    expect(answers[0]).toMatchObject({ error: { message: expect.stringContaining('providerScopes') } });
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    expect([await free.holder(scope), await taken.holder(scope)]).toEqual([undefined, 'acme']);
  });

  it('takes a scope that was granted', async () => {
    const { put, holder } = await twoTenants({ granted: [scope] });

    expect(await put(provider, settings)).toMatchObject({ version: 1 });
    expect(await holder(scope)).toBe('globex');
  });

  it('keeps a scope without a grant, but gets no further scope without one', async () => {
    const { ask, put, holder } = await twoTenants({ heldBy: { [scope]: 'globex' } });
    const two = { tenants: [scope, `${scope}-2`] };

    expect(await put(provider, two)).toEqual(refusal('forbidden'));
    await ask('update-tenant', { settings: { providerScopes: [`${scope}-2`] } }, 'globex');
    expect(await put(provider, two)).toMatchObject({ version: 2 });
    expect([await holder(scope), await holder(`${scope}-2`)]).toEqual(['globex', 'globex']);
  });

  it('keeps its scope when the grant is withdrawn, until it gives up the scope', async () => {
    const { ask, put, holder } = await twoTenants({ granted: [scope] });
    await put(provider, settings);
    await ask('update-tenant', { settings: { providerScopes: [] } }, 'globex');

    expect(await put(provider, settings)).toMatchObject({ version: 1 });
    expect(await holder(scope)).toBe('globex');
    await ask('delete-hook', { provider }, 'globex');
    expect(await holder(scope)).toBeUndefined();
    expect(await put(provider, settings)).toEqual(refusal('forbidden'));
  });

  it('gives the scope to one of two hooks that were both granted it by mistake, also concurrently', async () => {
    const { ask, put, holder } = await twoTenants({ granted: [scope] });
    await ask('update-tenant', { settings: { providerScopes: [scope] } });

    const answers = await Promise.all([put(provider, settings, 'acme'), put(provider, settings, 'globex')]);

    expect(answers).toContainEqual(refusal('forbidden'));
    expect(answers).toContainEqual(expect.objectContaining({ version: 1 }));
    expect(['acme', 'globex']).toContain(await holder(scope));
  });
});

describe('an Auth0 hook that is called by HTTP', () => {
  it.each([
    ['free', {}],
    ['taken', { heldBy: { [AUTH0]: 'acme' } }],
    ['granted and taken', { granted: [AUTH0], heldBy: { [AUTH0]: 'acme' } }],
  ])('needs no scope and claims none: %s', async (_what, facts) => {
    const { put, holder } = await twoTenants(facts);
    const before = await holder(AUTH0);

    expect(await put('auth0', HTTP)).toMatchObject({ version: 1 });
    expect(await put('auth0', { tenants: [AUTH0], secret: 'ssm:action' })).toMatchObject({ version: 2 });
    expect(await holder(AUTH0)).toBe(before);
  });

  it('takes a granted scope, so that events of the bus count as well', async () => {
    const { ask, put, holder } = await twoTenants();
    await put('auth0', HTTP);
    await ask('update-tenant', { settings: { providerScopes: [AUTH0] } }, 'globex');

    // The settings are the same: only the scope is new.
    expect(await put('auth0', HTTP)).toMatchObject({ version: 2 });
    expect(await holder(AUTH0)).toBe('globex');
    expect(await put('auth0', HTTP)).toMatchObject({ version: 2 });
  });

  it('keeps a scope that it holds from before there were grants', async () => {
    const { put, holder } = await twoTenants({ heldBy: { [AUTH0]: 'globex' } });

    await put('auth0', HTTP);

    expect(await holder(AUTH0)).toBe('globex');
  });
});

describe('a hook', () => {
  it('gives up the scopes that it no longer names, and none of another tenant', async () => {
    const { ask, put, holder } = await twoTenants({ granted: [POOL, `${POOL}2`], heldBy: { [`${POOL}3`]: 'acme' } });
    await put('cognito', { tenants: [POOL] });

    await put('cognito', { tenants: [`${POOL}2`] });
    expect([await holder(POOL), await holder(`${POOL}2`)]).toEqual([undefined, 'globex']);
    expect(await ask('delete-hook', { provider: 'cognito' }, 'globex')).toEqual({ deleted: true });
    expect(await ask('delete-hook', { provider: 'cognito' }, 'globex')).toEqual({ deleted: true });
    expect([await holder(`${POOL}2`), await holder(`${POOL}3`)]).toEqual([undefined, 'acme']);
  });

  it.each(['okta', 'keycloak', 'standard-webhooks'])('of %s needs no scope', async (provider) => {
    const { put } = await twoTenants();
    const proof = provider === 'okta' ? { authorization: 'ssm:a' } : { secret: 'ssm:a' };

    expect(await put(provider, { tenants: [`${provider}:acme`], ...proof })).toMatchObject({ version: 1 });
  });
});

describe('a grant', () => {
  it('of a scope that another tenant’s hook holds is refused, to a new tenant as well', async () => {
    const { ask } = await twoTenants({ heldBy: { [POOL]: 'acme' } });
    const settings = { customers: ['hooli'], timeZone: 'UTC', providerScopes: [POOL] };

    expect(await ask('update-tenant', { settings: { providerScopes: [POOL] } }, 'globex')).toEqual(refusal('conflict'));
    expect(await ask('create-tenant', { settings }, 'hooli')).toEqual(refusal('conflict'));
    expect(await ask('update-tenant', { settings: { providerScopes: [POOL] } })).toMatchObject({
      settings: { providerScopes: [POOL] },
    });
  });

  it.each(['okta:acme', 'cognito:', 'cognito:a b', 'auth0:a/b', 'acme'])(
    'names a pool or a tenant of Auth0, not %j',
    async (scope) => {
      const { ask } = await twoTenants();

      expect(await ask('update-tenant', { settings: { providerScopes: [scope] } })).toMatchObject({
        error: { code: 'invalid-request', faults: [{ place: 'settings.providerScopes.0' }] },
      });
    },
  );
});
