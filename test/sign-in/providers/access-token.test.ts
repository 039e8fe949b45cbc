import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import {
  type AccessTokenSettings,
  keysByDiscovery,
  readAccessToken,
} from '../../../shared/sign-in/providers/access-token.ts';
import { cachedKeySets } from '../../../shared/sign-in/providers/key-sets.ts';
import { NOW } from './samples.ts';

const ISSUER = 'https://idp.example.com/realm';
const SETTINGS: AccessTokenSettings = {
  issuer: ISSUER,
  audience: 'urn:licenses',
  tenantClaim: 'tenant',
  roleClaim: 'role',
};
const SECONDS = Date.parse(NOW) / 1_000;
const CLAIMS: JWTPayload = {
  iss: ISSUER,
  aud: 'urn:licenses',
  sub: 'olga',
  iat: SECONDS - 60,
  exp: SECONDS + 3_600,
  tenant: 'acme',
  role: 'administrator',
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
  test('says the caller, the tenant and the role', async () => {
    expect(await read(CLAIMS)).toEqual({ role: 'administrator', tenant: 'acme', actor: 'olga' });
  });

  test.each(['at+jwt', 'application/at+jwt', 'JWT', undefined])('may be of the type %s', async (typ) => {
    const token = await signed(CLAIMS, typ === undefined ? {} : { typ });
    expect(await readAccessToken(token, SETTINGS, { now: NOW, keySets: publishing() })).toMatchObject({
      actor: 'olga',
    });
  });

  test('of an operator names no tenant', async () => {
    const claims = { ...CLAIMS, tenant: undefined, role: 'operator' };
    expect(await read(claims)).toEqual({ role: 'operator', actor: 'olga' });
    expect(await read({ ...claims, role: ['user', 'operator'] })).toEqual({ role: 'operator', actor: 'olga' });
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
      role: 'viewer',
      tenant: 'other',
      actor: 'olga',
    });
  });

  test('with a slash at the end of the issuer is accepted too', async () => {
    const issuer = `${ISSUER}/`;
    expect(await read({ ...CLAIMS, iss: issuer }, { issuer }, publishing(issuer))).toMatchObject({ actor: 'olga' });
  });
});

const AT_JWT = { typ: 'at+jwt' };
const LONG_TYPE = { typ: 'application/AT+JWT' };
const JWT = { typ: 'JWT' };
const HOURS_24 = { iat: SECONDS - 60, exp: SECONDS - 60 + 24 * 3_600 };

describe('a token of this kind is an access token', () => {
  test.each<[string, { readonly typ?: string }, JWTPayload]>([
    ['of Cognito', {}, { token_use: 'access' }],
    ['of Keycloak', JWT, { typ: 'Bearer' }],
    ['with a nonce that says so in its header', AT_JWT, { nonce: 'n' }],
    ['with a nonce that says so in its header at length', LONG_TYPE, { nonce: 'n' }],
    ['with a nonce that says so as Keycloak does', JWT, { nonce: 'n', typ: 'Bearer' }],
    ['that is valid for 24 hours', JWT, HOURS_24],
    ['that has become valid', JWT, { nbf: SECONDS }],
  ])('%s', async (_, header, claims) => {
    const token = await signed({ ...CLAIMS, ...claims }, header);
    expect(await readAccessToken(token, SETTINGS, { now: NOW, keySets: publishing() })).toMatchObject({
      actor: 'olga',
    });
  });
});

describe('a token of this kind is not an access token', () => {
  const ID_TOKEN = 'this is not an access token';
  test.each<[string, { readonly typ?: string }, JWTPayload, string]>([
    ['with the hash of an access token', JWT, { at_hash: 'h' }, ID_TOKEN],
    ['with the hash of an access token, whatever its header says', AT_JWT, { at_hash: 'h' }, ID_TOKEN],
    ['with the hash of an access token, whatever else it says', JWT, { at_hash: 'h', typ: 'Bearer' }, ID_TOKEN],
    ['with the hash of a code', JWT, { c_hash: 'h' }, ID_TOKEN],
    ['with the hash of a state', JWT, { s_hash: 'h' }, ID_TOKEN],
    ['an id token of Cognito', {}, { token_use: 'id' }, ID_TOKEN],
    ['of a use that nobody knows', {}, { token_use: 'refresh' }, ID_TOKEN],
    ['with a nonce and of no type', {}, { nonce: 'n' }, ID_TOKEN],
    ['with a nonce and of the common type', JWT, { nonce: 'n' }, ID_TOKEN],
    ['with a nonce of a Cognito token', {}, { nonce: 'n', token_use: 'access' }, ID_TOKEN],
    ...['ID', 'Refresh', 'Offline', 'Logout', 'bearer', ''].map(
      (typ): [string, { readonly typ?: string }, JWTPayload, string] => [
        `that Keycloak calls ${typ}`,
        JWT,
        { typ },
        ID_TOKEN,
      ],
    ),
    ['that Keycloak calls ID, whatever its header says', AT_JWT, { typ: 'ID' }, ID_TOKEN],
    [
      ...(['that is valid for a second more than 24 hours', JWT] as const),
      ...([{ ...HOURS_24, exp: HOURS_24.exp + 1 }, 'the token is valid for more than 24 hours'] as const),
    ],
    [
      ...(['that was issued long ago and still counts', JWT] as const),
      ...([{ iat: 1, exp: SECONDS + 60 }, 'the token is valid for more than 24 hours'] as const),
    ],
    ['that is not valid yet', JWT, { nbf: SECONDS + 3_600 }, "the token's nbf is missing or does not fit"],
  ])('%s', async (_, header, claims, unproven) => {
    const token = await signed({ ...CLAIMS, ...claims }, header);
    expect(await readAccessToken(token, SETTINGS, { now: NOW, keySets: publishing() })).toEqual({ unproven });
  });
});

describe('a token is refused', () => {
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
      unsigned,
      'nonsense',
      '',
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
    ['as an operator of a tenant', { role: 'operator' }],
    ['as an operator of an empty tenant', { role: 'operator', tenant: '' }],
    ['as an operator of several tenants', { role: 'operator', tenant: ['acme', 'other'] }],
  ])('%s', async (_, changed) => {
    expect(await read({ ...CLAIMS, ...changed })).toMatchObject({ withoutRole: expect.any(String) });
  });
});

describe('the issuer’s keys', () => {
  test('that cannot be fetched leave the token undecided', async () => {
    const keySets = cachedKeySets(keysByDiscovery(async () => Promise.reject(new Error('down'))));
    expect(await read(CLAIMS, {}, keySets)).toEqual({ unavailable: expect.any(String) });
  });

  test('are not taken from an address that names another issuer', async () => {
    expect(await read(CLAIMS, {}, publishing('https://somebody.example.com'))).toEqual({
      unavailable: expect.any(String),
    });
  });
});
