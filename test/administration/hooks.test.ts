import { describe, expect, it } from 'vitest';
import { type Hook, hookItem } from '../../shared/sign-in/hooks/hook.ts';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { NOW } from '../fakes/world.ts';

const OKTA = { tenants: ['okta:acme.okta.com'], authorization: 'secretsmanager:okta-hook' };
const BACKCHANNEL = { jwks: 'https://keys.example.com/jwks', issuer: 'i', audience: 'a' };
const put = (provider: string, settings: object, more: object = {}) =>
  ['put-hook', { provider, settings, ...more }] as const;

describe('put-hook', () => {
  it('configures a provider, and returns the address to call', async () => {
    const { ask } = await aCommandWorld();

    const made = await ask(...put('okta', OKTA));

    const shown = {
      provider: 'okta',
      path: '/hooks/acme/okta',
      settings: { tenants: OKTA.tenants, authorization: ['secretsmanager:okta-hook'] },
      version: 1,
    };
    expect(made).toEqual(shown);
    expect(await ask('get-hook', { provider: 'okta' })).toEqual(shown);
    expect(await ask('list-hooks')).toEqual({ hooks: [shown] });
  });

  it('replaces the settings as a whole, and refuses the second of two editors', async () => {
    const { ask } = await aCommandWorld();
    await ask(...put('okta', OKTA));
    const rotated = { ...OKTA, authorization: ['ssm:okta-new', 'secretsmanager:okta-hook'] };

    expect(await ask(...put('okta', rotated, { expectedVersion: 1 }))).toMatchObject({ settings: rotated, version: 2 });
    expect(await ask(...put('okta', OKTA, { expectedVersion: 1 }))).toEqual(refusal('stale-version', { version: 2 }));
    expect(await ask(...put('okta', rotated))).toMatchObject({ version: 2 });
  });

  it.each([
    ['okta', { ...OKTA, authorization: 'Bearer hunter2' }],
    ['okta', { ...OKTA, authorization: ['ssm:one', 'hunter2'] }],
    ['okta', { ...OKTA, authorization: 'file:../globex/hunter2' }],
    ['keycloak', { tenants: ['keycloak:r'], secret: 'whsec_hunter2' }],
    [
      'entra',
      { tenants: ['entra:t'], jwks: 'https://a.example/keys', issuer: 'i', audience: 'a', clientState: 'hunter2' },
    ],
  ])('refuses a literal secret of %s, and does not repeat it', async (provider, settings) => {
    const table = memoryTable();
    const { ask, logged } = await aCommandWorld({ table });
    const before = table.items().length;

    const answer = await ask(...put(provider, settings));

    expect(answer).toMatchObject({
      error: { code: 'invalid-request', message: expect.stringContaining('must be a reference to a secret') },
    });
    expect(JSON.stringify([answer, logged])).not.toContain('hunter2');
    expect(table.items()).toHaveLength(before);
  });

  it.each([
    ['okta', { tenants: OKTA.tenants }, 'settings.authorization', 'is missing'],
    ['okta', { ...OKTA, tenants: ['auth0:acme'] }, 'settings.tenants', '"okta:"'],
    ['okta', { ...OKTA, appId: 'a' }, 'settings.appId', 'no setting of okta'],
    ['okta', { ...OKTA, authorisation: 'ssm:a' }, 'settings', 'authorisation'],
    ['standard-webhooks', { secret: 'ssm:a' }, 'settings.tenants', 'is missing'],
    [
      'oidc-backchannel',
      { jwks: { keys: [{ kty: 'RSA', d: 'x' }] }, issuer: 'i', audience: 'a' },
      'settings.jwks',
      'public keys only',
    ],
  ])('says what a hook of %s lacks or has too much: %j', async (provider, settings, place, text) => {
    const { ask } = await aCommandWorld();

    const answer = await ask(...put(provider, settings));

    expect(answer).toMatchObject({
      error: { code: 'invalid-request', faults: [{ place, text: expect.stringContaining(text) }] },
    });
  });

  it.each([
    'https://169.254.169.254/',
    'https://10.0.0.1:8443/keys',
    'https://[::ffff:127.0.0.1]/',
    'https://localhost/',
    'https://user:secret@keys.example.com/',
    'http://127.0.0.1:1/',
    `https://keys.example.com/${'a'.repeat(2_048)}`,
  ])('takes no keys from %s', async (jwks) => {
    const { ask } = await aCommandWorld();

    const answer = await ask(...put('oidc-backchannel', { ...BACKCHANNEL, jwks }));

    const text = expect.stringContaining('public internet');
    expect(answer).toMatchObject({ error: { code: 'invalid-request', faults: [{ place: 'settings.jwks', text }] } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('shows an older hook whose keys come from a private address', async () => {
    const { table, ask } = await aCommandWorld();
    const settings = { ...BACKCHANNEL, tenants: [], jwks: 'https://10.0.0.1/', issuer: ['i'], audience: ['a'] };
    const change = { actor: 'olga', cause: 'put-hook', at: NOW };
    const hook: Hook = { tenant: 'acme', provider: 'oidc-backchannel', settings, version: 1, change };
    await table.write([{ put: hookItem(hook) }]);

    expect(await ask('list-hooks')).toMatchObject({ hooks: [{ settings: { jwks: 'https://10.0.0.1/' } }] });
    expect(await ask(...put('oidc-backchannel', BACKCHANNEL))).toMatchObject({ version: 2 });
  });

  it('accepts a public address for keys, and one of this machine only on the local stack', async () => {
    const { deps, ask } = await aCommandWorld();
    const here = put('oidc-backchannel', { ...BACKCHANNEL, jwks: 'http://127.0.0.1:4800/jwks' });

    expect(await ask(...put('oidc-backchannel', BACKCHANNEL))).toMatchObject({ version: 1 });
    expect(await ask(...here)).toEqual(refusal('invalid-request', { faults: [expect.anything()] }));
    expect(await asAdministrator({ ...deps, mayBeLocal: true }).ask(...here)).toMatchObject({ version: 2 });
  });
});
