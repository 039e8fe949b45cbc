import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AccessTokenSettings, keysByDiscovery, readAccessToken } from '../../shared/identity/access-token.ts';
import { fetchJwks, fetchJwksAlsoHere } from '../../shared/identity/fetch-jwks.ts';
import { cachedKeySets } from '../../shared/identity/key-sets.ts';
import { plus } from '../../shared/licensing/time.ts';
import { NOW } from './samples.ts';

const ISSUER = 'https://idp.example.com/realm';
const SETTINGS: AccessTokenSettings = {
  ...{ issuer: ISSUER, audience: 'urn:licenses', tenantClaim: 'tenant', roleClaim: 'role' },
};
const SECONDS = Date.parse(NOW) / 1_000;
const CLAIMS: JWTPayload = {
  ...{ iss: ISSUER, aud: 'urn:licenses', sub: 'olga', iat: SECONDS - 60, exp: SECONDS + 3_600 },
  ...{ tenant: 'acme', role: 'administrator' },
};

let key: CryptoKey;
let jwk: JWK;
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  key = privateKey;
  jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' };
});

/** An issuer as it tells of itself under its discovery address. */
const publishing = (issuer = ISSUER) =>
  cachedKeySets(
    keysByDiscovery(async (address) => {
      if (address === `${ISSUER}/.well-known/openid-configuration`)
        return { issuer, jwks_uri: 'https://keys.example.com/' };
      if (address === 'https://keys.example.com/') return { keys: [jwk] };
      throw new Error(`nobody answers at ${address}`);
    }),
  );

const signed = (claims: JWTPayload, header: { readonly typ?: string } = { typ: 'at+jwt' }) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(key);

async function read(claims: JWTPayload, settings: Partial<AccessTokenSettings> = {}, keySets = publishing()) {
  return readAccessToken(await signed(claims), { ...SETTINGS, ...settings }, { now: NOW, keySets });
}

describe('a token of the issuer', () => {
  test('says who calls, for which tenant, in which role', async () => {
    expect(await read(CLAIMS)).toEqual({ role: 'administrator', tenant: 'acme', actor: 'olga' });
  });

  test.each(['at+jwt', 'application/at+jwt', 'JWT', undefined])('may be of the type %s', async (typ) => {
    const token = await signed(CLAIMS, typ === undefined ? {} : { typ });
    expect(await readAccessToken(token, SETTINGS, { now: NOW, keySets: publishing() })).toMatchObject({
      actor: 'olga',
    });
  });

  test('of an operator names no tenant, whatever it says', async () => {
    expect(await read({ ...CLAIMS, role: 'operator' })).toEqual({ role: 'operator', actor: 'olga' });
  });

  test('may list roles and name its claims as the provider must', async () => {
    const claims = {
      ...CLAIMS,
      role: undefined,
      tenant: undefined,
      roles: ['user', 'viewer'],
      'https://esm/t': 'other',
    };
    expect(await read(claims, { roleClaim: 'roles', tenantClaim: 'https://esm/t' })).toEqual({
      ...{ role: 'viewer', tenant: 'other', actor: 'olga' },
    });
  });

  test('with a slash at the issuer’s end is found as well', async () => {
    const issuer = `${ISSUER}/`;
    expect(await read({ ...CLAIMS, iss: issuer }, { issuer }, publishing(issuer))).toMatchObject({ actor: 'olga' });
  });
});

describe('a token proves nothing', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: 'https://idp.example.com/other' }],
    ['for another audience', { aud: 'urn:something-else' }],
    ['that has expired', { exp: SECONDS }],
    ['without an expiry', { exp: undefined }],
    ['of the future', { iat: SECONDS + 3_600 }],
    ['that is not valid yet', { nbf: SECONDS + 3_600 }],
    ['without a subject', { sub: undefined }],
    ['with a subject that is no id', { sub: 'x'.repeat(201) }],
  ])('%s', async (_, changed) => {
    expect(await read({ ...CLAIMS, ...changed } as JWTPayload)).toEqual({ unproven: expect.any(String) });
  });

  test.each([
    ['of another type', 'logout+jwt'],
    ['that is an event', 'secevent+jwt'],
  ])('%s', async (_, typ) => {
    const answer = await readAccessToken(await signed(CLAIMS, { typ }), SETTINGS, { now: NOW, keySets: publishing() });
    expect(answer).toEqual({ unproven: 'the token is of another type' });
  });

  test('signed with the public key as a secret, with an unknown key, or with none', async () => {
    const other = (await generateKeyPair('RS256')).privateKey;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(CLAIMS)).toString('base64url')}.`;
    const tokens = [
      await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(Buffer.from(JSON.stringify(jwk))),
      await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(other),
      ...[unsigned, 'nonsense', ''],
    ];
    for (const token of tokens) {
      const answer = await readAccessToken(token, SETTINGS, { now: NOW, keySets: publishing() });
      expect(answer).toEqual({ unproven: expect.any(String) });
    }
  });

  test('once the clock has passed its expiry', async () => {
    const token = await signed(CLAIMS);
    const later = { now: plus(NOW, 3_600_000), keySets: publishing() };
    expect(await readAccessToken(token, SETTINGS, later)).toEqual({ unproven: 'the token has expired' });
  });
});

describe('a proven token gives no role', () => {
  test.each<[string, JWTPayload]>([
    ['without one', { role: undefined }],
    ['that nobody knows', { role: 'root' }],
    ['without a tenant', { tenant: undefined }],
    ['with a list of tenants', { tenant: ['acme', 'other'] }],
    ['with a tenant that is no id', { tenant: 'acme#other' }],
  ])('%s', async (_, changed) => {
    expect(await read({ ...CLAIMS, ...changed })).toMatchObject({ withoutRole: expect.any(String) });
  });
});

describe('the issuer’s keys', () => {
  test('that cannot be had leave the token unknown', async () => {
    const keySets = cachedKeySets(keysByDiscovery(async () => Promise.reject(new Error('down'))));
    expect(await read(CLAIMS, {}, keySets)).toEqual({ unavailable: expect.any(String) });
  });

  test('are not taken from an address where another issuer answers', async () => {
    expect(await read(CLAIMS, {}, publishing('https://somebody.example.com'))).toEqual({
      unavailable: expect.any(String),
    });
  });

  test('are fetched without TLS from this machine alone', async () => {
    await expect(fetchJwks('http://127.0.0.1:9/jwks')).rejects.toThrow('https only');
    await expect(fetchJwksAlsoHere('http://10.0.0.1:80/jwks')).rejects.toThrow('https only');
    await expect(fetchJwksAlsoHere('http://127.0.0.1:9/jwks')).rejects.not.toThrow('https only');
  });
});
