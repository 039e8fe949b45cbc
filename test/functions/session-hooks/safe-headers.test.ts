import { expect, test } from 'vitest';
import { MOST_BODY_BYTES } from '../../../shared/sign-in/providers/read-hook.ts';
import { aHookWorld } from '../../fakes/hook-world.ts';

const SAFE = { 'strict-transport-security': 'max-age=31536000', 'x-content-type-options': 'nosniff' };
const SECRET = { authorization: 'okta-hook-shared-secret' };

test.each([
  [200, 'okta', { method: 'GET', headers: { ...SECRET, 'x-okta-verification-challenge': 'a' } }],
  [200, 'entra', { query: 'validationToken=a' }],
  [401, 'okta', { body: '{}' }],
  [401, 'nobody', { body: '{}' }],
  [400, 'okta', { headers: SECRET, body: 'nonsense' }],
  [405, 'keycloak', { method: 'GET' }],
  [413, 'okta', { body: 'x'.repeat(MOST_BODY_BYTES + 1) }],
])('a response with %i by HTTP to a call of %s has the safe headers', async (statusCode, provider, sent) => {
  const { configure, post } = await aHookWorld();
  for (const one of ['okta', 'entra', 'keycloak']) await configure(one);

  expect(await post(provider, sent)).toMatchObject({ statusCode, headers: SAFE });
});

test('a response without a decision has the safe headers too', async () => {
  const { configure, post } = await aHookWorld({ within: async () => ({ kind: 'late' }) });
  await configure('keycloak');

  expect(await post('keycloak', { body: '{}' })).toMatchObject({ statusCode: 503, headers: SAFE });
});
