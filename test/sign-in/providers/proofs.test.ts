import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { defined } from '../../../shared/licensing/defined.ts';
import { explain } from './explain.ts';
import {
  bearerQuestion,
  fixture,
  jwks,
  keycloakSignature,
  NOW,
  type Question,
  questionOf,
  samples,
  settingsOf,
  signedHeaders,
} from './samples.ts';

/** A good call of each provider that proves itself. */
function good(file: string): Question {
  const sample = samples.find((each) => each.file === file);
  if (sample === undefined) throw new Error(`there is no sample ${file}`);
  return questionOf(sample);
}

const OKTA = () => good('okta/event-hook-session-start.json');
const AUTH0 = () => good('auth0/log-stream-login.json');
const ACTION = () => good('auth0/post-login-action-event.json');
const KEYCLOAK = () => good('keycloak/webhook-access-login.json');
const GRAPH = () => good('entra/graph-change-notification-user.json');
const ENTRA = () => bearerQuestion('entra/bearer-v2.jwt');
const LOGOUT = () => good('oidc-backchannel/logout-token.claims.json');
const SSF = () => good('ssf/session-revoked-complex.claims.json');
const OWN_BODY = JSON.stringify({
  type: 'session.login',
  timestamp: NOW,
  data: { tenant: 'acme', user: 'aino', session: 's-1' },
});
const OWN = (): Question => ({
  ...LOGOUT(),
  provider: 'standard-webhooks',
  headers: signedHeaders('msg_1', NOW, OWN_BODY),
  body: OWN_BODY,
  settings: settingsOf('standard-webhooks'),
});

const withHeaders = (question: Question, headers: Record<string, string>): Question => ({
  ...question,
  headers: { ...question.headers, ...headers },
});
const withSettings = (question: Question, settings: Record<string, unknown>): Question => ({
  ...question,
  settings: { ...question.settings, ...settings },
});
const withoutHeaders = (question: Question): Question => ({ ...question, headers: {} });
const at = (question: Question, now: string): Question => ({ ...question, now });

const privateKey = importJWK(JSON.parse(fixture('keys/private.TEST-ONLY.jwk.json')), 'RS256');

type Signing = { key?: CryptoKey; alg?: string; typ?: string; kid?: string };

async function signed(claims: JWTPayload, { key, alg = 'RS256', typ, kid = 'test-key-1' }: Signing = {}) {
  const header = defined({ alg, kid, typ });
  return new SignJWT(claims).setProtectedHeader(header).sign(key ?? (await privateKey));
}

const claimsOf = (file: string) => JSON.parse(fixture(file)) as JWTPayload;
const logoutClaims = claimsOf('oidc-backchannel/logout-token.claims.json');
const eventClaims = claimsOf('ssf/session-revoked-complex.claims.json');
const bearerClaims = claimsOf('entra/bearer-v2.claims.json');

async function logout(claims: JWTPayload, signing: Signing = { typ: 'logout+jwt' }): Promise<Question> {
  return { ...LOGOUT(), body: new URLSearchParams({ logout_token: await signed(claims, signing) }).toString() };
}

async function securityEvent(claims: JWTPayload, signing: Signing = { typ: 'secevent+jwt' }): Promise<Question> {
  return { ...SSF(), body: await signed(claims, signing) };
}

async function bearer(claims: JWTPayload, signing: Signing = { typ: 'JWT' }): Promise<Question> {
  return withHeaders(ENTRA(), { authorization: `Bearer ${await signed(claims, signing)}` });
}

const without = (claims: JWTPayload, name: string): JWTPayload => ({ ...claims, [name]: undefined });

describe('a verified call is accepted', () => {
  const proven: [string, () => Question | Promise<Question>][] = [
    ['Okta', OKTA],
    ['Auth0', AUTH0],
    ["Auth0's Action", ACTION],
    ['Keycloak', KEYCLOAK],
    ['Entra', ENTRA],
    ['back-channel logout', LOGOUT],
    ['back-channel logout without a type', () => logout(logoutClaims, {})],
    ['back-channel logout without an expiry', () => logout(without(logoutClaims, 'exp'))],
    ['Shared Signals', SSF],
    ['our own webhook', OWN],
    ['the older of two secrets', () => withSettings(OKTA(), { authorization: ['new', 'okta-hook-shared-secret'] })],
    ['the older of two keys of a signature', () => withSettings(KEYCLOAK(), { secret: ['new', 'A3jt6D8lz'] })],
    ['header names in any case', () => ({ ...OKTA(), headers: { AUTHORIZATION: 'okta-hook-shared-secret' } })],
  ];
  test.each(proven)('%s', async (_, question) => {
    expect((await explain(await question())).outcome).toBe('events');
  });
});

describe('a call that cannot be verified is unauthorized', () => {
  const unproven: [string, () => Question | Promise<Question>][] = [
    ['Okta: wrong secret', () => withHeaders(OKTA(), { authorization: 'okta-hook-shared-secreT' })],
    ['Okta: no secret', () => withoutHeaders(OKTA())],
    ['Okta: no secret is configured', () => withSettings(OKTA(), { authorization: undefined })],
    ['Okta: wrong tenant', () => withSettings(OKTA(), { tenants: ['okta:other.okta.com'] })],
    ['Okta: no tenant is configured', () => withSettings(OKTA(), { tenants: [] })],
    ['Auth0: wrong secret', () => withHeaders(AUTH0(), { authorization: 'x' })],
    ['Auth0: no secret', () => withoutHeaders(AUTH0())],
    ['Auth0: wrong tenant', () => withSettings(AUTH0(), { tenants: ['auth0:other'] })],
    ["Auth0's Action: not signed", () => withoutHeaders(ACTION())],
    [
      "Auth0's Action: the stream's secret",
      () => withHeaders(withoutHeaders(ACTION()), { authorization: 'auth0-stream-token' }),
    ],
    ["Auth0's Action: changed body", () => ({ ...ACTION(), body: ACTION().body.replace('acme', 'acne') })],
    ["Auth0's Action: too old", () => at(ACTION(), '2026-03-02T16:08:01.000Z')],
    ["Auth0's Action: wrong tenant", () => withSettings(ACTION(), { tenants: ['auth0:other'] })],
    ['Keycloak: not signed', () => withoutHeaders(KEYCLOAK())],
    [
      'Keycloak: signed with another key',
      () => withHeaders(KEYCLOAK(), { 'x-keycloak-signature': keycloakSignature(KEYCLOAK().body, 'x') }),
    ],
    ['Keycloak: changed body', () => ({ ...KEYCLOAK(), body: `${KEYCLOAK().body} ` })],
    [
      'Keycloak: a part of the signature',
      () => withHeaders(KEYCLOAK(), { 'x-keycloak-signature': keycloakSignature(KEYCLOAK().body).slice(0, 32) }),
    ],
    ['Keycloak: no secret is configured', () => withSettings(KEYCLOAK(), { secret: undefined })],
    ['Keycloak: wrong tenant', () => withSettings(KEYCLOAK(), { tenants: ['keycloak:other'] })],
    ['Graph: wrong clientState', () => withSettings(GRAPH(), { clientState: 'other' })],
    ['Graph: no clientState is configured', () => withSettings(GRAPH(), { clientState: undefined })],
    ['Graph: nothing to prove', () => ({ ...GRAPH(), body: '{"value":[]}' })],
    ['Graph: wrong tenant', () => withSettings(GRAPH(), { tenants: ['entra:other'] })],
    ['Entra: no token', () => withoutHeaders(ENTRA())],
    ['Entra: wrong audience', () => withSettings(ENTRA(), { audience: 'api://other' })],
    ['Entra: wrong issuer', () => withSettings(ENTRA(), { issuer: 'https://login.microsoftonline.com/other/v2.0' })],
    [
      'Entra: another calling application',
      () => withSettings(ENTRA(), { appId: '11111111-0000-0000-0000-000000000000' }),
    ],
    ['Entra: wrong tenant', () => withSettings(ENTRA(), { tenants: ['entra:other'] })],
    ['Entra: a token of another tenant', () => bearer({ ...bearerClaims, tid: 'other' })],
    ['Entra: a token without a tenant', () => bearer(without(bearerClaims, 'tid'))],
    ['Entra: a token without an expiry', () => bearer(without(bearerClaims, 'exp'))],
    ['Entra: an expired token', () => bearer({ ...bearerClaims, exp: Date.parse(NOW) / 1_000 })],
    ['Entra: not valid yet', () => bearer({ ...bearerClaims, nbf: Date.parse(NOW) / 1_000 + 301 })],
    [
      'Entra: appid in a token of version 2',
      () => bearer({ ...without(bearerClaims, 'azp'), appid: bearerClaims['azp'] }),
    ],
    ['Entra: no keys are configured', () => withSettings(ENTRA(), { jwks: undefined })],
    ['Entra: no issuer is configured', () => withSettings(ENTRA(), { issuer: undefined })],
    ['Entra: no audience is configured', () => withSettings(ENTRA(), { audience: undefined })],
    ['logout: no token', () => ({ ...LOGOUT(), body: '' })],
    ['logout: alg none', () => good('oidc-backchannel/logout-token-alg-none.jwt')],
    ['logout: signed with the public key as a secret', hmacWithPublicKey],
    ['logout: an unknown key id', () => logout(logoutClaims, { kid: 'other' })],
    ['logout: another key under the known id', foreignKey],
    ['logout: wrong audience', () => logout({ ...logoutClaims, aud: 'other' })],
    ['logout: wrong issuer', () => logout({ ...logoutClaims, iss: 'https://other.example' })],
    ['logout: expired', () => at(LOGOUT(), '2026-03-02T16:04:51.000Z')],
    [
      'logout: without an expiry, and old',
      () => logout({ ...without(logoutClaims, 'exp'), iat: (logoutClaims.iat ?? 0) - 300 }),
    ],
    [
      'logout: of the future',
      () => logout({ ...logoutClaims, iat: (logoutClaims.iat ?? 0) + 310, exp: 4_102_444_800 }),
    ],
    ['logout: without iat', () => logout(without(logoutClaims, 'iat'))],
    ['logout: without jti', () => logout(without(logoutClaims, 'jti'))],
    ['logout: with a nonce', () => logout({ ...logoutClaims, nonce: '' })],
    ['logout: events of something else', () => logout({ ...logoutClaims, events: { other: {} } })],
    ['logout: names neither user nor session', () => logout({ ...without(logoutClaims, 'sub'), sid: undefined })],
    ['logout: names them as nothing', () => logout({ ...logoutClaims, sub: '', sid: '' })],
    ['logout: a security event token', () => logout(logoutClaims, { typ: 'secevent+jwt' })],
    ['Shared Signals: wrong secret', () => withHeaders(SSF(), { authorization: 'Bearer x' })],
    ['Shared Signals: a logout token', () => securityEvent(eventClaims, { typ: 'logout+jwt' })],
    ['Shared Signals: no type', () => securityEvent(eventClaims, {})],
    ['Shared Signals: wrong audience', () => securityEvent({ ...eventClaims, aud: 'other' })],
    ['Shared Signals: wrong issuer', () => securityEvent({ ...eventClaims, iss: 'https://other.example' })],
    [
      'Shared Signals: older than ids are remembered',
      () => securityEvent({ ...eventClaims, iat: (eventClaims.iat ?? 0) - 8 * 86_400 }),
    ],
    ['Shared Signals: with an expiry', () => securityEvent({ ...eventClaims, exp: 4_102_444_800 })],
    ['Shared Signals: names neither user nor session', () => securityEvent(without(eventClaims, 'sub_id'))],
    ['Shared Signals: not a token', () => ({ ...SSF(), body: '{}' })],
    ['own webhook: wrong tenant', () => withSettings(OWN(), { tenants: ['standard-webhooks:other'] })],
    ['own webhook: not signed', () => withoutHeaders(OWN())],
    ['own webhook: another id than the signed one', () => withHeaders(OWN(), { 'webhook-id': 'msg_2' })],
  ];
  test.each(unproven)('%s', async (_, question) => {
    const answer = await explain(await question());

    expect(answer.outcome).toBe('unauthorized');
    expect(answer.events).toEqual([]);
    expect(answer.response.status).toBeGreaterThanOrEqual(400);
  });
});

async function hmacWithPublicKey(): Promise<Question> {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(JSON.stringify(jwks.keys[0])),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return logout(logoutClaims, { key, alg: 'HS256', typ: 'logout+jwt' });
}

async function foreignKey(): Promise<Question> {
  const { privateKey: key } = await generateKeyPair('RS256');
  return logout(logoutClaims, { key, typ: 'logout+jwt' });
}

test('a foreign pool is refused, and Cognito still gets its event back', async () => {
  const question = withSettings(good('cognito/post-authentication.json'), { tenants: ['cognito:other'] });

  const answer = await explain(question);

  expect(answer.outcome).toBe('unauthorized');
  expect(answer.response.body).toBe(question.body);
});

test('a token without a user gets the same refusal as a wrong token', async () => {
  const wrong = await explain(await logout(logoutClaims, { kid: 'other', typ: 'logout+jwt' }));
  const nobody = await explain(await logout({ ...without(logoutClaims, 'sub'), sid: undefined }));
  const { authorization: _, ...open } = settingsOf('ssf');
  const wrongSignal = await explain({
    ...(await securityEvent(eventClaims, { typ: 'secevent+jwt', kid: 'x' })),
    settings: open,
  });
  const nobodySignal = await explain({ ...(await securityEvent(without(eventClaims, 'sub_id'))), settings: open });

  expect(nobody.response).toEqual(wrong.response);
  expect(nobodySignal.response).toEqual(wrongSignal.response);
});

test('the refusal of Shared Signals has the code of RFC 8935 for the failed check', async () => {
  const questions = [
    withHeaders(SSF(), { authorization: 'Bearer x' }),
    await securityEvent({ ...eventClaims, aud: 'other' }),
    await securityEvent({ ...eventClaims, iss: 'https://other.example' }),
    await securityEvent(eventClaims, { typ: 'secevent+jwt', kid: 'other' }),
  ];

  const answers = await Promise.all(questions.map((question) => explain(question)));

  expect(answers.map(({ response }) => JSON.parse(response.body).err)).toEqual([
    'authentication_failed',
    'invalid_audience',
    'invalid_issuer',
    'invalid_key',
  ]);
});

test('a stranger to Shared Signals learns nothing from a refusal: neither what failed, nor whether there is a hook', async () => {
  const { authorization: _, ...open } = settingsOf('ssf');
  const bodies = await Promise.all([
    ...['{}', '', 'a.b.c'].map(async (body) => body),
    signed({ ...eventClaims, aud: 'other' }, { typ: 'secevent+jwt' }),
    signed({ ...eventClaims, iss: 'https://other.example' }, { typ: 'secevent+jwt' }),
    signed({ ...eventClaims, events: undefined }, { typ: 'secevent+jwt' }),
    signed(eventClaims, { typ: 'secevent+jwt', kid: 'other' }),
    signed({ ...eventClaims, exp: 4_102_444_800 }, { typ: 'secevent+jwt' }),
  ]);
  const answers = await Promise.all(
    bodies.flatMap((body) =>
      [open, settingsOf('ssf'), { authorization: 'x' }, {}].map((settings) =>
        explain({ ...SSF(), headers: {}, body, settings }),
      ),
    ),
  );

  expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['unauthorized']));
  expect(new Set(answers.map(({ response }) => JSON.stringify(response))).size).toBe(1);
});

describe('no keys are fetched for a token that is invalid whoever signed it', () => {
  const fetched = (question: Question) => {
    const calls: string[] = [];
    const settings = { ...question.settings, jwks: 'https://idp.example.com/keys' };
    const answer = explain({ ...question, settings }, async (address) => {
      calls.push(address);
      throw new Error('down');
    });
    return answer.then(({ outcome, response }) => ({ outcome, status: response.status, calls: calls.length }));
  };

  test.each<[string, () => Question | Promise<Question>]>([
    ['not a token', () => withHeaders(ENTRA(), { authorization: 'Bearer a.b.c' })],
    ['of another issuer', () => bearer({ ...bearerClaims, iss: 'https://other.example' })],
    ['for another audience', () => bearer({ ...bearerClaims, aud: 'other' })],
    ['expired', () => bearer({ ...bearerClaims, exp: 1 })],
    ['without a claim that it must have', () => bearer(without(bearerClaims, 'tid'))],
    ['of another type', () => logout(logoutClaims, { typ: 'secevent+jwt' })],
    ['with a claim that it must not have', () => securityEvent({ ...eventClaims, exp: 4_102_444_800 })],
  ])('%s', async (_, question) => {
    expect(await fetched(await question())).toMatchObject({ outcome: 'unauthorized', calls: 0 });
  });

  test('a valid token cannot be judged without the keys', async () => {
    expect(await fetched(ENTRA())).toEqual({ outcome: 'retry', status: 200, calls: 1 });
    expect(await fetched(LOGOUT())).toEqual({ outcome: 'retry', status: 503, calls: 1 });
    expect(await fetched(SSF())).toEqual({ outcome: 'retry', status: 503, calls: 1 });
  });
});

test('at most four keys are tried for a token that names none', async () => {
  const [ours] = jwks.keys;
  const others = await Promise.all(
    Array.from({ length: 8 }, async () => exportJWK((await generateKeyPair('RS256', { extractable: true })).publicKey)),
  );
  const keyless = await new SignJWT(logoutClaims)
    .setProtectedHeader({ alg: 'RS256', typ: 'logout+jwt' })
    .sign(await privateKey);
  const among = async (at: number) => {
    const { kid: _, ...key } = ours ?? {};
    const body = new URLSearchParams({ logout_token: keyless }).toString();
    const question = withSettings({ ...LOGOUT(), body }, { jwks: { keys: others.toSpliced(at, 0, key) } });
    return (await explain(question)).outcome;
  };

  expect(await among(3)).toBe('events');
  expect(await among(4)).toBe('unauthorized');
});
