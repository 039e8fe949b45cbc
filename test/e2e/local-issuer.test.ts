import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { decodeJwt, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { clientsOf, emptyDir, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

const dir = emptyDir();
let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ dir, port: 0, fresh: true, app: SAMPLE_APP });
});
afterAll(async () => {
  await stack.stop();
  removeDirs();
});

/** What the command line prints. */
async function token(args: readonly string[], state = dir): Promise<string> {
  const command = join(import.meta.dirname, '../../infra/local/token.ts');
  const env = { ...process.env, LOCAL_DIR: state };
  return (await promisify(execFile)(process.execPath, [command, ...args], { env })).stdout.trim();
}

async function guarded(authorization?: string): Promise<{ readonly status: number; readonly claims: unknown }> {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(`${stack.endpoints.api}/guarded`, { headers });
  const answer = (await response.json()) as { requestContext?: { authorizer: { jwt: { claims: unknown } } } };
  return { status: response.status, claims: answer.requestContext?.authorizer.jwt.claims };
}

test('a printed token passes the JWT authorizer, and its claims reach the function', async () => {
  const printed = await token(['--tenant', 'acme', '--role', 'administrator', '--user', 'olga', '--name', 'Olga Berg']);

  const { status, claims } = await guarded(`Bearer ${printed}`);
  expect(status).toBe(200);
  const bearer = { tenant: 'acme', role: 'administrator', sub: 'olga', name: 'Olga Berg' };
  expect(claims).toMatchObject({ ...bearer, iss: stack.endpoints.issuer });
});

test.each([
  ['no token', undefined],
  ['something that is no token', 'Bearer nonsense'],
  ['another scheme', 'Basic bG9jYWw6bG9jYWw='],
])('with %s the route answers as API Gateway does', async (_, authorization) => {
  expect((await guarded(authorization)).status).toBe(401);
});

test('a token that is signed with another key is refused', async () => {
  const claims = decodeJwt(await token(['--tenant', 'acme', '--role', 'administrator']));
  const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
  expect((await guarded(`Bearer ${forged}`)).status).toBe(401);
});

test.each([
  ['that is not valid yet', { nbf: 3_600 }, 401],
  ['that has expired', { exp: -3_600 }, 401],
  // API Gateway does not tell id tokens apart: the function does.
  ['with the claims of an id token', { nonce: 'n', at_hash: 'h' }, 200],
])('a token of the issuer %s is judged as API Gateway judges it', async (_, changed, status) => {
  const printed = decodeJwt(await token(['--tenant', 'acme', '--role', 'administrator']));
  const times = Object.entries(changed).map(([name, value]) => [
    name,
    typeof value === 'number' ? (printed.iat ?? 0) + value : value,
  ]);
  const [jwk] = JSON.parse(readFileSync(join(dir, 'issuer.json'), 'utf8')).keys;
  const key = await importJWK(jwk, 'RS256');
  const header = { alg: 'RS256', kid: jwk.kid };
  const signed = await new SignJWT({ ...printed, ...Object.fromEntries(times) }).setProtectedHeader(header).sign(key);

  expect((await guarded(`Bearer ${signed}`)).status).toBe(status);
});

test('only their owner can read the key and the client’s secret', () => {
  expect(statSync(join(dir, 'issuer.json')).mode & 0o777).toBe(0o600);
});

test('the command says what to do without a role, with a tenant for an operator, and when no stack runs', async () => {
  await expect(token(['--tenant', 'acme'])).rejects.toThrow(/Usage: npm run -s token/);
  await expect(token(['--tenant', 'acme', '--role', 'operator'])).rejects.toThrow(/Usage: npm run -s token/);
  await expect(token(['--tenant', 'acme', '--role', 'viewer'], emptyDir())).rejects.toThrow(/No local stack runs on/);
});

test('when the stack’s clock was moved, earlier tokens have expired and the next one opens', async () => {
  const before = await token(['--tenant', 'acme', '--role', 'viewer']);
  await clientsOf(stack.endpoints).advance('P40D');

  expect((await guarded(`Bearer ${before}`)).status).toBe(401);
  expect((await guarded(`Bearer ${await token(['--tenant', 'acme', '--role', 'viewer'])}`)).status).toBe(200);
  expect(readFileSync(join(dir, 'logs', 'issuer.log'), 'utf8')).not.toMatch(/Bearer|secret/i);
});
