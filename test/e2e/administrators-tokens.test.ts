import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../infra/local/client.ts';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { makeTenant } from '../../infra/local/seed.ts';
import { tokenOf } from '../../infra/local/token-of.ts';
import { emptyDir, removeDirs } from './local-stack/sample-stack.ts';

const dir = emptyDir();
let stack: LocalStack;
let client: ReturnType<typeof connect>;
beforeAll(async () => {
  stack = await startLocalStack({ dir, port: 0, fresh: true });
  client = connect(stack.endpoints);
  await makeTenant(client);
});
afterAll(async () => {
  client.close();
  await stack.stop();
  removeDirs();
});

async function get(path: string, bearer?: Record<string, string>) {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${await tokenOf(dir, bearer)}` };
  const response = await fetch(`${stack.endpoints.api}${path}`, { headers });
  return { status: response.status, body: await response.json() };
}

test('a token of the local issuer opens the tenant that it names', async () => {
  expect(await get('/tenants/acme/licenses', { tenant: 'acme', role: 'viewer' })).toEqual({
    ...{ status: 200, body: { licenses: [] } },
  });
});

test('without a token, with one of another tenant and with one of no role here, nothing opens', async () => {
  expect((await get('/tenants/acme/licenses')).status).toBe(401);
  expect((await get('/tenants/acme/licenses', { tenant: 'other', role: 'administrator' })).status).toBe(403);
  expect((await get('/tenants/nobody/licenses', { tenant: 'acme', role: 'administrator' })).status).toBe(403);
});

test('an operator is of no tenant: they may look at any, and are told of one that there is not', async () => {
  expect((await get('/tenants/acme/licenses', { role: 'operator' })).status).toBe(200);
  expect(await get('/tenants/nobody/licenses', { role: 'operator' })).toMatchObject({
    ...{ status: 404, body: { code: 'unknown-tenant' } },
  });
});

test('tokens go with the stack’s clock', async () => {
  await client.moveClock({ advance: 'P1Y' });
  expect((await get('/tenants/acme/licenses', { tenant: 'acme', role: 'viewer' })).status).toBe(200);
});
