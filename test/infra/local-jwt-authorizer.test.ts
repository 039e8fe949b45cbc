import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jwtAuthorizers } from '../../infra/local/jwt-authorizer.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { tokenForms } from '../sign-in/providers/token-forms.ts';

const NOW = Date.parse('2026-03-02T08:15:32.000Z');
const SECONDS = NOW / 1_000;
const { publicKey, privateKey } = await generateKeyPair('RS256');

/** An issuer with one key. */
const server = createServer(async ({ url }, response) => {
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' }];
  response.end(JSON.stringify(url === '/jwks' ? { keys } : { issuer, jwks_uri: `${issuer}/jwks` }));
});
let issuer: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

async function authorized(claims: object, typ?: string) {
  const Properties = {
    AuthorizerType: 'JWT',
    IdentitySource: ['$request.header.Authorization'],
    JwtConfiguration: { Issuer: issuer, Audience: ['urn:licenses'] },
  };
  const authorize = jwtAuthorizers({ ofType: () => [['jwt', { Properties }]] } as never, () => NOW);
  const common = { iss: issuer, aud: 'urn:licenses', sub: 'olga', iat: SECONDS - 60, exp: SECONDS + 3_600 };
  const token = await new SignJWT({ ...common, tenant: 'acme', role: 'administrator', ...claims })
    .setProtectedHeader(defined({ alg: 'RS256', kid: 'one', typ }))
    .sign(privateKey);
  return authorize('jwt', { headers: { authorization: `Bearer ${token}` } } as never);
}

test.each(tokenForms(SECONDS))('API Gateway lets pass to the function: %s', async (_, typ, claims) => {
  expect(await authorized(claims, typ)).toHaveProperty('claims.sub', 'olga');
});

test.each([
  ['for another audience', { aud: 'urn:other' }],
  ['that has expired', { exp: SECONDS - 1 }],
  ['without an expiry', { exp: undefined }],
  ['that is not valid yet', { nbf: SECONDS + 3_600 }],
])('API Gateway refuses a token %s', async (_, claims) => {
  expect(await authorized(claims)).toMatchObject({ refusal: { status: 401 } });
});
