import { expect, it } from 'vitest';
import type { Caller } from '../../../functions/admin-api/caller.ts';
import { anApiWorld } from '../../fakes/api-world.ts';
import { keyedHash } from '../../fakes/world.ts';
import { OLGA } from './api.ts';

const VIEWER: Caller = { role: 'viewer', tenant: 'acme', actor: 'vera' };
const OTHERS: Caller = { role: 'administrator', tenant: 'globex', actor: 'mallory' };
const SECRET = { headers: { authorization: 'Bearer the.secret.token', 'x-forwarded-for': '203.0.113.7' } };

it.each([
  ['of another tenant', OTHERS, 'getTenant', 'the token is of another tenant', 'mallory'],
  ['in a role that may not', VIEWER, 'deleteLicense', 'the role viewer may not do this', 'vera'],
  ['of a token without a role', 'forbidden', 'getTenant', 'the token has no role', 'mallory'],
  ['without a token that counts', 'unauthorized', 'getTenant', 'there is no bearer token', undefined],
] as const)('a refused call %s is logged: the tenant asked for, why, and what stands for who', async (...row) => {
  const [, caller, operation, because, subject] = row;
  const { call, logged } = await anApiWorld();
  const path = operation === 'getTenant' ? '/tenants/acme' : '/tenants/acme/licenses/FREE';
  const method = operation === 'getTenant' ? 'GET' : 'DELETE';

  await call({ method, path, ...SECRET }, caller);

  const hash = subject === undefined ? undefined : await keyedHash('subject', subject);
  const route = operation === 'getTenant' ? 'get-tenant' : 'delete-license';
  expect(logged[0]).toEqual(['api-refused', { route, tenant: 'acme', because, subject: hash }]);
  expect(JSON.stringify(logged)).not.toMatch(/mallory|vera|secret\.token|203\.0\.113|globex/);
});

it('a caller without a role learns the reason, a caller of another tenant does not', async () => {
  const { call } = await anApiWorld();
  const asked = { method: 'GET', path: '/tenants/acme' };

  const detail = 'The token gives you no role in this service: the token has no role.';
  expect(await call(asked, 'forbidden')).toMatchObject({ status: 403, body: { code: 'forbidden', detail } });
  const others = 'The token belongs to another tenant, or its role does not allow this.';
  expect(await call(asked, OTHERS)).toMatchObject({ status: 403, body: { code: 'forbidden', detail: others } });
});

it('a text that cannot be a tenant’s id is not logged, since it may be anything', async () => {
  const { call, logged } = await anApiWorld();

  await call({ method: 'GET', path: '/tenants/Ada Byron' }, OTHERS);

  expect(logged[0]).toMatchObject(['api-refused', { route: 'get-tenant', tenant: undefined }]);
  expect(JSON.stringify(logged)).not.toContain('Byron');
});

it('an allowed call is not logged as refused', async () => {
  const { call, logged } = await anApiWorld();

  await call({ method: 'GET', path: '/tenants/acme' }, OLGA);

  expect(logged.map(([code]) => code)).not.toContain('api-refused');
});
