import { describe, expect, test } from 'vitest';
import { SAFE_HEADERS } from '../../../shared/platform/safe-headers.ts';
import { aHookWorld } from '../../fakes/hook-world.ts';
import { aLicense } from '../../fakes/world.ts';
import { fixture } from '../../sign-in/providers/samples.ts';

const OKTA = { authorization: 'okta-hook-shared-secret' };
const BEARER = { authorization: `Bearer ${fixture('entra/bearer-v2.jwt').trim()}` };
const issuance = fixture('entra/token-issuance-start.json');

const USER = '90847c2a-e29d-4d2f-9f54-c5b4d3f26471';
const LICENSE = aLicense();

async function aTenant(licenses = [LICENSE, aLicense({ serialNumber: 'A2' })]) {
  const world = await aHookWorld({ licenses });
  await world.configure('okta');
  await world.configure('entra');
  await world.configure('keycloak');
  return world;
}

describe('handshakes', () => {
  test('Okta’s challenge is answered to a caller with the secret', async () => {
    const { post } = await aTenant();
    const ask = (headers: Record<string, string>) =>
      post('okta', { method: 'GET', headers: { 'x-okta-verification-challenge': 'a-value', ...headers } });

    expect(await ask(OKTA)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', ...SAFE_HEADERS },
      body: '{"verification":"a-value"}',
    });
    expect(await ask({})).toMatchObject({ statusCode: 401 });
  });

  test('Graph’s validation token is returned as text', async () => {
    const { post } = await aTenant();

    expect(await post('entra', { query: 'validationToken=a%20b' })).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/plain', ...SAFE_HEADERS },
      body: 'a b',
    });
  });

  test('a GET is refused for every other provider', async () => {
    const { post } = await aTenant();

    expect(await post('keycloak', { method: 'GET' })).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });
});

/** The license that Entra is told to put into the token. */
function licenseIn({ body }: { readonly body: string }): unknown {
  return JSON.parse(JSON.parse(body).data.actions[0].claims.esm_license);
}

describe('Entra', () => {
  test('judges each call, because the client chooses the correlation id, which identifies no event', async () => {
    const world = await aTenant([LICENSE]);
    const signIn = async (user: string) => {
      const body = issuance.replace(USER, user);
      return licenseIn(await world.post('entra', { headers: BEARER, body }));
    };

    expect(await signIn('ada')).toMatchObject({ serialNumber: LICENSE.serialNumber });
    await world.ask('disconnect', { user: 'ada' });
    expect(await signIn('bob')).toMatchObject({ serialNumber: LICENSE.serialNumber });
    world.clock.move(9 * 60 * 60_000);
    await signIn('bob');

    expect(await signIn('ada')).toEqual({ none: 'no-free-license' });
    expect((await world.license(LICENSE.serialNumber)).currentUser).toBe('bob');
  });

  test('gets the same license for a second application’s token in the same sign-in', async () => {
    const { post } = await aTenant();
    const first = await post('entra', { headers: BEARER, body: issuance });
    const second = issuance.replace('"displayName"', '"appDisplayName": "another application", "displayName"');

    expect(await post('entra', { headers: BEARER, body: second })).toEqual(first);
  });
});
