import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { WEBHOOK_SECRET } from '../sign-in/providers/samples.ts';
import { tenantWithHooks } from './license-service/hook-callers.ts';
import { openIdProvider, serve } from './license-service/openid-login.ts';
import { peacefulStack } from './license-service/peaceful-stack.ts';

let stack: Awaited<ReturnType<typeof peacefulStack>>;
beforeAll(async () => {
  stack = await peacefulStack();
});
afterAll(() => stack.stop());

async function aTenant(name: string) {
  const tenant = tenantWithHooks(stack, name);
  await tenant.create();
  await tenant.configure('standard-webhooks');
  return tenant;
}

test('an OpenID provider logs a user in, and out by back channel', async () => {
  const { tenant, configure, tell, openSessions, audit } = await aTenant('openid');
  const provider = await openIdProvider(`${stack.endpoints.api}/hooks/${tenant}/oidc-backchannel`);
  onTestFinished(() => void provider.close());
  const { issuer, audience, jwks } = provider;
  await configure('oidc-backchannel', { issuer, audience, jwks });

  const ada = await provider.logIn('ada');
  const receipt = await tell('login-of-ada', 'session.login', { user: ada.sub, session: ada.sid });
  expect(JSON.parse(receipt.body)).toMatchObject({ outcome: 'allocated', user: 'ada', session: ada.sid });
  expect(await openSessions()).toEqual([`ada ${ada.sid}`]);

  await provider.logOut(ada.idToken);

  expect(provider.failures).toEqual([]);
  expect(await openSessions()).toEqual([]);
  await audit();
});

test('a call that the sender’s webhook library signed is accepted once, and a changed or old one never', async () => {
  const { call, openSessions } = await aTenant('library');
  const post = async (id: string, at: Date, body: string, signed = body) => {
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, at, signed),
    };
    return call('standard-webhooks', { method: 'POST', headers, body });
  };
  const now = new Date(await stack.now());
  const login = (user: string) =>
    JSON.stringify({ type: 'session.login', data: { tenant: 'acme', user, session: user } });

  const first = await post('m1', now, login('ada'));
  expect(first.status).toBe(200);
  expect(await post('m1', now, login('ada'))).toEqual(first);
  expect(await post('m1', now, login('bob'))).toEqual({ status: 409, body: '' });
  expect(await post('m2', now, login('bob'), login('ada'))).toEqual({ status: 401, body: '' });
  expect(await post('m3', new Date(now.getTime() - 6 * 60_000), login('bob'))).toEqual({ status: 401, body: '' });
  expect(await openSessions()).toEqual(['ada ada']);
});

test('logout tokens and CAEP events are verified with rotating keys', async () => {
  const { configure, call, tell, openSessions } = await aTenant('rotation');
  const keys = await Promise.all(['first', 'second', 'never-published'].map(aKey));
  const published: JWK[] = [];
  const { server, url } = await serve((_, response) => void response.end(JSON.stringify({ keys: published })));
  onTestFinished(() => void server.close());
  const issuer = 'https://idp.example.com';
  await configure('oidc-backchannel', { issuer, audience: 'esm-web', jwks: `${url}/jwks` });
  await configure('ssf', { issuer, audience: 'https://sp.example.com', jwks: `${url}/keys` });
  const now = Math.floor(Date.parse(await stack.now()) / 1_000);

  const logOut = async (key: Key, user: string, more: JWTPayload = {}) => {
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const claims = { events, sub: user, jti: `out-${user}-${key.kid}`, iss: issuer, aud: 'esm-web', ...more };
    const body = new URLSearchParams({ logout_token: await signed(key, 'logout+jwt', now, claims) });
    return (await call('oidc-backchannel', { method: 'POST', body })).status;
  };
  const revoke = async (key: Key, user: string, more: JWTPayload = {}) => {
    const type = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';
    const subject = { format: 'iss_sub', iss: issuer, sub: user };
    const claims = { events: { [type]: {} }, sub_id: subject, jti: `set-${user}-${key.kid}`, iss: issuer, ...more };
    const body = await signed(key, 'secevent+jwt', now, { aud: 'https://sp.example.com', ...claims });
    const headers = { 'content-type': 'application/secevent+jwt' };
    return (await call('ssf', { method: 'POST', headers, body })).status;
  };
  const [first, second, stranger] = keys as [Key, Key, Key];
  const at = new Date((now - 60) * 1_000).toISOString();
  for (const user of ['ada', 'bob', 'cyd', 'dan'])
    await tell(`in-${user}`, 'session.login', { user, session: user }, at);

  published.push(first.publicKey);
  expect([await logOut(first, 'ada'), await revoke(first, 'bob')]).toEqual([200, 202]);
  expect(await openSessions()).toEqual(['cyd cyd', 'dan dan']);
  published.splice(0, 1, second.publicKey);
  expect([await logOut(second, 'cyd'), await revoke(second, 'dan')]).toEqual([200, 202]);
  expect(await openSessions()).toEqual([]);

  await tell('in-eve', 'session.login', { user: 'eve', session: 'eve' }, at);
  const refused = [
    await logOut(first, 'eve'),
    await logOut(stranger, 'eve'),
    await logOut(second, 'eve', { aud: 'another' }),
    await logOut(second, 'eve', { iss: 'https://evil.example.com' }),
    await logOut(second, 'eve', { nonce: 'n' }),
    await logOut(second, 'eve', { exp: now - 60 }),
    await revoke(first, 'eve'),
    await revoke(stranger, 'eve'),
    await revoke(second, 'eve', { aud: 'another' }),
    await revoke(second, 'eve', { iat: now - 9 * 86_400 }),
  ];
  expect(refused).toEqual(refused.map(() => 400));
  expect(await openSessions()).toEqual(['eve eve']);
  expect(await revoke(second, 'eve')).toBe(202);
  expect(await openSessions()).toEqual([]);
});

test('the hooks log no user, no secret and no token', () => {
  const log = readFileSync(join(stack.dir, 'logs/session-hooks.log'), 'utf8');

  expect(log).toMatch(/"code":"hook-refused".*"why":"the key is unknown"/);
  expect(log).not.toMatch(/\beyJ|v1,|whsec_|"(ada|bob|cyd|dan|eve)"/);
});

type Key = {
  readonly kid: string;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly publicKey: JWK;
};

async function aKey(kid: string): Promise<Key> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  return { kid, privateKey, publicKey: { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' } };
}

function signed({ kid, privateKey }: Key, typ: string, iat: number, claims: JWTPayload): Promise<string> {
  return new SignJWT({ iat, ...claims }).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(privateKey);
}
