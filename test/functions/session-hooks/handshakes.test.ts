import { describe, expect, test } from 'vitest';
import { aHookWorld } from '../../fakes/hook-world.ts';
import { aLicense } from '../../fakes/world.ts';
import { fixture } from '../../identity/samples.ts';

const OKTA = { authorization: 'okta-hook-shared-secret' };
const BEARER = { authorization: `Bearer ${fixture('entra/bearer-v2.jwt').trim()}` };
const issuance = fixture('entra/token-issuance-start.json');

async function aTenant() {
  const world = await aHookWorld({ licenses: [aLicense(), aLicense({ serialNumber: 'A2' })] });
  await world.configure('okta');
  await world.configure('entra');
  await world.configure('keycloak');
  return world;
}

describe('handshakes', () => {
  test('Okta’s challenge is answered to who knows the secret', async () => {
    const { post } = await aTenant();
    const ask = (headers: Record<string, string>) =>
      post('okta', { method: 'GET', headers: { 'x-okta-verification-challenge': 'a-value', ...headers } });

    expect(await ask(OKTA)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"verification":"a-value"}',
    });
    expect(await ask({})).toMatchObject({ statusCode: 401 });
  });

  test('Graph’s validation token goes back as text', async () => {
    const { post } = await aTenant();

    expect(await post('entra', { query: 'validationToken=a%20b' })).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/plain' },
      body: 'a b',
    });
  });

  test('a GET is no other provider’s', async () => {
    const { post } = await aTenant();

    expect(await post('keycloak', { method: 'GET' })).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
  });
});

describe('Entra', () => {
  test('is told nothing of another user under the same id, and keeps nobody out for it', async () => {
    const { post, table } = await aTenant();
    await post('entra', { headers: BEARER, body: issuance });
    const before = structuredClone(table.items());
    const other = issuance.replace(/("user": \{\s*[^}]*?"id": ")[^"]+/, '$1another-user');
    expect(other).not.toBe(issuance);

    const answer = await post('entra', { headers: BEARER, body: other });

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('"esm_license":"pending"');
    expect(table.items()).toEqual(before);
  });

  test('gets the same license for a second application’s token in the same sign-in', async () => {
    const { post } = await aTenant();
    const first = await post('entra', { headers: BEARER, body: issuance });
    const second = issuance.replace('"displayName"', '"appDisplayName": "another application", "displayName"');

    expect(await post('entra', { headers: BEARER, body: second })).toEqual(first);
  });
});
