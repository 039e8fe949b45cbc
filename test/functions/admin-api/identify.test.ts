import { generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { identifyByToken } from '../../../functions/admin-api/identify.ts';
import { defined } from '../../../shared/licensing/defined.ts';
import { KeysUnavailable } from '../../../shared/sign-in/providers/key-sets.ts';
import { fixedClock, NOW } from '../../fakes/world.ts';
import { tokenForms } from '../../sign-in/providers/token-forms.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const SECONDS = Date.parse(NOW) / 1_000;
const SETTINGS = {
  issuer: 'https://idp.example.com',
  audience: 'urn:licenses',
  tenantClaim: 'tenant',
  roleClaim: 'role',
};

const identify = identifyByToken({ clock: fixedClock(), keySets: () => async () => publicKey }, SETTINGS);
const asked = (authorization?: string) =>
  identify({ headers: authorization === undefined ? {} : { authorization } } as never);

const token = (claims: Record<string, unknown> = {}, typ?: string) =>
  new SignJWT({ tenant: 'acme', role: 'viewer', iat: SECONDS, exp: SECONDS + 60, ...claims })
    .setProtectedHeader(defined({ alg: 'ES256', typ }))
    .setIssuer('https://idp.example.com')
    .setAudience('urn:licenses')
    .setSubject('olga')
    .sign(privateKey);

test('the caller is read from the token', async () => {
  expect(await asked(`Bearer ${await token()}`)).toEqual({ role: 'viewer', tenant: 'acme', actor: 'olga' });
  expect(await asked(`bearer ${await token({ role: 'operator', tenant: undefined })}`)).toEqual({
    role: 'operator',
    actor: 'olga',
  });
});

test.each(tokenForms(SECONDS))('an access token is known by its form: %s (%s, %j) is %s', async (...form) => {
  const [, typ, claims, verdict] = form;
  const caller = await asked(`Bearer ${await token(claims, typ)}`);
  expect('refused' in caller ? caller.refused : 'caller').toBe(verdict);
});

test.each([
  ['no header', undefined],
  ['an empty one', ''],
  ['another scheme', 'Basic b2xnYTpvbGdh'],
  ['a scheme alone', 'Bearer '],
  ['two tokens', 'Bearer a.b.c d.e.f'],
  ['no token', 'Bearer nonsense'],
])('with %s nobody is known', async (_, authorization) => {
  expect(await asked(authorization)).toEqual({ refused: 'unauthorized', reason: expect.any(String) });
});

test('an expired token is not accepted, and one without a role may do nothing', async () => {
  const forbidden = { refused: 'forbidden', reason: expect.any(String), actor: 'olga' };
  expect(await asked(`Bearer ${await token({ exp: SECONDS })}`)).toMatchObject({ refused: 'unauthorized' });
  expect(await asked(`Bearer ${await token({ role: 'guest' })}`)).toEqual(forbidden);
  expect(await asked(`Bearer ${await token({ tenant: undefined })}`)).toEqual(forbidden);
  expect(await asked(`Bearer ${await token({ role: 'operator' })}`)).toEqual(forbidden);
});

test.each([
  [{ nonce: 'n' }],
  [{ at_hash: 'h' }],
  [{ token_use: 'id' }],
  [{ typ: 'ID' }],
  [{ exp: SECONDS + 24 * 3_600 + 1 }],
  [{ nbf: SECONDS + 3_600 }],
])('a token with %j makes nobody known', async (claims) => {
  expect(await asked(`Bearer ${await token(claims)}`)).toMatchObject({ refused: 'unauthorized' });
});

test('the call fails, and is not unauthorized, while the issuer’s keys are not available', async () => {
  const unreachable = async () => {
    throw new KeysUnavailable('down');
  };
  const later = identifyByToken({ clock: fixedClock(), keySets: () => unreachable }, SETTINGS);
  await expect(later({ headers: { authorization: `Bearer ${await token()}` } } as never)).rejects.toThrow('down');
});

test('the claims that the gateway passes are not trusted', async () => {
  const claims = { tenant: 'acme', role: 'administrator', sub: 'mallory' };
  const event = { headers: {}, requestContext: { authorizer: { jwt: { claims, scopes: null } } } };
  expect(await identify(event as never)).toMatchObject({ refused: 'unauthorized' });
});
