import { expect, it } from 'vitest';
import { anApiWorld } from '../../fakes/api-world.ts';

const SAFE = { 'strict-transport-security': 'max-age=31536000', 'x-content-type-options': 'nosniff' };
const LICENSE = '/tenants/acme/licenses/FREE';

it.each([
  [200, { method: 'GET', path: '/openapi.json' }],
  [200, { method: 'GET', path: LICENSE }],
  [200, { method: 'GET', path: '/tenants/acme/exports/licenses', query: 'limit=5&format=csv' }],
  [200, { method: 'POST', path: `${LICENSE}/assign`, headers: { 'if-match': '*' }, body: { user: 'ada' } }],
  [400, { method: 'POST', path: `${LICENSE}/assign`, headers: { 'if-match': '*' }, body: {} }],
  [403, { method: 'GET', path: '/tenants/globex' }],
  [404, { method: 'GET', path: '/nothing' }],
  [404, { method: 'GET', path: '/tenants/acme/licenses/NOWHERE' }],
  [405, { method: 'PATCH', path: '/tenants/acme/audit' }],
  [415, { method: 'POST', path: `${LICENSE}/assign`, headers: { 'content-type': 'text/plain' }, body: 'x' }],
  [428, { method: 'DELETE', path: LICENSE }],
])('an answer with %i tells a browser to be careful: %j', async (status, sent) => {
  const { call } = await anApiWorld();

  expect(await call(sent)).toMatchObject({ status, headers: SAFE });
});

it('responses to unknown callers and repeated responses have the safe headers too', async () => {
  const { call } = await anApiWorld();
  const headers = { 'if-match': '*', 'idempotency-key': 'one' };
  const assign = { method: 'POST', path: `${LICENSE}/assign`, headers, body: { user: 'ada' } };

  expect(await call(assign, 'unauthorized')).toMatchObject({ status: 401, headers: SAFE });
  const first = await call(assign);
  expect(first).toMatchObject({ status: 200, headers: SAFE });
  expect(await call(assign)).toEqual(first);
});
