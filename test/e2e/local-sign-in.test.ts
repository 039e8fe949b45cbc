import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalStack, startLocalStack } from '../../infra/local/local-stack.ts';
import { tokenOf } from '../../infra/local/token-of.ts';
import { defined } from '../../shared/licensing/defined.ts';
import { aBrowser } from './license-service/browser.ts';
import { clientsOf, emptyDir, removeDirs, SAMPLE_APP } from './local-stack/sample-stack.ts';

const CLIENT = 'esm-console';
const dir = emptyDir();
let stack: LocalStack;
let issuer: string;
let api: string;
beforeAll(async () => {
  stack = await startLocalStack({ dir, port: 0, fresh: true, app: SAMPLE_APP });
  ({ issuer, api } = stack.endpoints);
});
afterAll(async () => {
  await stack.stop();
  removeDirs();
});

type Tokens = { readonly access_token: string; readonly refresh_token: string; readonly id_token: string };

/** What the console asks for: its own address as redirect, a challenge, and what a test changes. */
function request(changes: Readonly<Record<string, string | undefined>> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const wanted = {
    client_id: CLIENT,
    response_type: 'code',
    scope: 'openid offline_access',
    redirect_uri: `${api}/console/`,
    state: 'where-i-was',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  };
  return { path: `/auth?${new URLSearchParams(defined(wanted))}`, verifier };
}

const browse = () => aBrowser(issuer, `${api}/console/`);

/** Signs a person in with a browser; returns the address of the console that the browser is sent to. */
async function signIn(person: string, browser = browse()) {
  const { path, verifier } = request();
  const login = await browser.open(path);
  const { url } = await browser.open(login.url, { person });
  return { url, code: new URL(url).searchParams.get('code') ?? '', verifier, browser };
}

/** Asks the token endpoint, as a script of the console does. */
async function ask(form: Readonly<Record<string, string>>, origin: string = api, path = '/token') {
  return fetch(`${issuer}${path}`, {
    method: 'POST',
    headers: { origin, accept: 'application/json' },
    body: new URLSearchParams({ client_id: CLIENT, ...form }),
  });
}

const exchange = (code: string, code_verifier: string) =>
  ask({ grant_type: 'authorization_code', code, code_verifier, redirect_uri: `${api}/console/` });

const refresh = (refresh_token: string) => ask({ grant_type: 'refresh_token', refresh_token });

async function tokens(response: Response): Promise<Tokens> {
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

async function signedIn(person: string) {
  const { code, verifier, browser } = await signIn(person);
  return { browser, ...(await tokens(await exchange(code, verifier))) };
}

async function fault(response: Response): Promise<readonly [number, unknown]> {
  return [response.status, ((await response.json()) as { error: unknown }).error];
}

test('the login page is plain and offers one person of each role', async () => {
  const { path } = request();
  const { url, text } = await browse().open(path);

  expect(new URL(url).pathname).toMatch(/^\/interaction\//);
  expect(text.match(/<button name="person" value="\w+">.*?<\/button>/g)).toEqual([
    '<button name="person" value="aino"><strong>Aino Virtanen</strong>, administrator of acme</button>',
    '<button name="person" value="veikko"><strong>Veikko Lehto</strong>, viewer of acme</button>',
    '<button name="person" value="outi"><strong>Outi Salo</strong>, operator of the whole service</button>',
  ]);
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(text).toContain('<title>Sign in – ESM License Service</title>');
  expect(text).toContain('<h1>Sign in</h1>');
  expect(text).not.toMatch(/<script|javascript:|\son\w+=|style="|<input|https?:/i);
});

test('the login page allows no scripts, and only the style that it has', async () => {
  const { headers, text } = await browse().open(request().path);
  const policy = headers.get('content-security-policy') ?? '';
  const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');

  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    'script-src',
    `style-src 'sha256-${hash}'`,
    `form-action 'self' ${api}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
});

test.each([
  ['aino', { sub: 'aino', tenant: 'acme', role: 'administrator', name: 'Aino Virtanen' }],
  ['veikko', { sub: 'veikko', tenant: 'acme', role: 'viewer', name: 'Veikko Lehto' }],
  ['outi', { sub: 'outi', role: 'operator', name: 'Outi Salo' }],
])('%s gets an access token like those of the command line', async (person, claims) => {
  const { url, code, verifier } = await signIn(person);
  expect(url).toMatch(new RegExp(`^${api}/console/\\?code=[\\w-]+&state=where-i-was&iss=`));
  const { access_token } = await tokens(await exchange(code, verifier));

  const { sub: user, ...others } = claims;
  const printed = await tokenOf(dir, { ...others, user });
  const { payload, protectedHeader } = await jwtVerify(access_token, createRemoteJWKSet(new URL(`${issuer}/jwks`)));
  expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
  const vary = { iat: 0, exp: 0, jti: '', client_id: '' };
  expect({ ...payload, ...vary }).toEqual({ ...decodeJwt(printed), ...vary });
  expect(payload).toMatchObject(claims);
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3_600);
  const guarded = await fetch(`${api}/guarded`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(guarded.status).toBe(200);
});

test('after a reload of the console the browser is sent back at once, with a code that gives a refresh token', async () => {
  const { browser } = await signedIn('aino');

  const { path, verifier } = request();
  const { url } = await browser.open(path);
  const { access_token, refresh_token } = await tokens(
    await exchange(new URL(url).searchParams.get('code') ?? '', verifier),
  );
  expect(decodeJwt(access_token).sub).toBe('aino');
  expect(refresh_token).toMatch(/./);
});

test('a person who wants to choose again becomes another one', async () => {
  const { browser } = await signedIn('aino');

  const { path, verifier } = request({ prompt: 'login' });
  const login = await browser.open(path);
  // The provider ends the session of the one before the other's begins.
  const { url: end, text } = await browser.open(login.url, { person: 'veikko' });
  const { url } = await browser.open(`${issuer}/session/end/confirm`, hiddenInputs(text));
  expect(end).toMatch(/\/auth\//);
  const { access_token } = await tokens(await exchange(new URL(url).searchParams.get('code') ?? '', verifier));
  expect(decodeJwt(access_token)).toMatchObject({ sub: 'veikko', role: 'viewer' });
});

test('a person who chooses nobody comes back to the console without a code', async () => {
  const browser = browse();
  const login = await browser.open(request().path);

  const { searchParams } = new URL((await browser.open(login.url, { person: '' })).url);
  expect([searchParams.get('error'), searchParams.get('code')]).toEqual(['access_denied', null]);
});

test('only the offered people can be chosen', async () => {
  const { url } = await signIn('mallory');
  expect(new URL(url).searchParams.get('error')).toBe('access_denied');
});

test('a login page that was sent already says so and leads to the console', async () => {
  const browser = browse();
  const login = await browser.open(request().path);
  await browser.open(login.url, { person: 'aino' });

  const again = await browser.open(login.url);
  expect(again.text).toContain('This sign-in was finished before, or it has expired.');
  expect(again.text).toContain(`href="${api}/console/"`);
});

test('a refresh token is exchanged for new tokens of the same person', async () => {
  const first = await signedIn('veikko');

  const second = await tokens(await refresh(first.refresh_token));
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect(decodeJwt(second.access_token)).toMatchObject({ sub: 'veikko', tenant: 'acme', role: 'viewer' });
  const third = await tokens(await refresh(second.refresh_token));
  expect(third.refresh_token).not.toBe(second.refresh_token);
});

test('a refresh token that is used twice ends the session', async () => {
  const { refresh_token: stolen, browser } = await signedIn('aino');
  const { refresh_token: latest } = await tokens(await refresh(stolen));

  expect(await fault(await refresh(stolen))).toEqual([400, 'invalid_grant']);
  expect(await fault(await refresh(latest))).toEqual([400, 'invalid_grant']);
  expect((await browser.open(request().path)).text).toContain('<h1>Sign in</h1>');
});

test('a code that is used twice ends the session', async () => {
  const { code, verifier } = await signIn('aino');
  const { refresh_token } = await tokens(await exchange(code, verifier));

  expect(await fault(await exchange(code, verifier))).toEqual([400, 'invalid_grant']);
  expect(await fault(await refresh(refresh_token))).toEqual([400, 'invalid_grant']);
});

test('a code with another verifier is refused', async () => {
  const { code } = await signIn('aino');
  expect(await fault(await exchange(code, randomBytes(32).toString('base64url')))).toEqual([400, 'invalid_grant']);
});

test.each([
  ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
  ['a plain challenge', { code_challenge_method: 'plain' }],
  ['another grant', { response_type: 'token' }],
])('with %s the browser comes back with an error', async (_, changes) => {
  const { url } = await browse().open(request(changes).path);
  const { searchParams } = new URL(url.replace('#', '?'));
  expect([searchParams.has('error'), searchParams.has('code')]).toEqual([true, false]);
});

test.each([
  ['another place of the API', () => ({ redirect_uri: `${api}/console/licenses` })],
  ['another port', () => ({ redirect_uri: 'http://127.0.0.1:9/console/' })],
  ['another host', () => ({ redirect_uri: 'https://evil.example/console/' })],
  ['another name of this machine', () => ({ redirect_uri: `${api.replace('127.0.0.1', 'localhost')}/console/` })],
])('a login that would lead to %s is refused on a page', async (_, changes) => {
  const { url, text } = await browse().open(request(changes()).path);
  expect(new URL(url).origin).toBe(issuer);
  expect(text).toContain('invalid_redirect_uri');
  expect(text).not.toContain('evil.example');
});

test('signing out ends the session and the refresh token', async () => {
  const { browser, id_token, refresh_token } = await signedIn('aino');
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${api}/console/` });
  const page = await browser.open(`/session/end?${query}`);
  expect(page.text).toContain('<h1>Sign out</h1>');

  const { url } = await browser.open('/session/end/confirm', { ...hiddenInputs(page.text), logout: 'yes' });
  expect(url).toBe(`${api}/console/`);
  expect(await fault(await refresh(refresh_token))).toEqual([400, 'invalid_grant']);
  expect((await browser.open(request().path)).text).toContain('<h1>Sign in</h1>');
});

test('signing out without a session leads back to the console, by the provider’s own script or by hand', async () => {
  const { id_token } = await signedIn('aino');
  const browser = browse();
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: `${api}/console/` });
  const { text, headers } = await browser.open(`/session/end?${query}`);
  const script = /<script>([^<]*)<\/script>/.exec(text)?.[1] ?? '';
  const hash = createHash('sha256').update(script).digest('base64');
  expect(headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}'`);

  const { url } = await browser.open('/session/end/confirm', hiddenInputs(text));
  expect(url).toBe(`${api}/console/`);
});

test('a logout does not lead elsewhere', async () => {
  const { browser, id_token } = await signedIn('aino');
  const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: 'https://evil.example/' });
  expect((await browser.open(`/session/end?${query}`)).text).toContain('post_logout_redirect_uri not registered');
});

test('a revoked refresh token is refused', async () => {
  const { refresh_token } = await signedIn('aino');
  expect((await ask({ token: refresh_token }, api, '/token/revocation')).status).toBe(200);
  expect(await fault(await refresh(refresh_token))).toEqual([400, 'invalid_grant']);
});

test.each(['/token', '/token/revocation'])('%s lets scripts of the API’s origin read its answers', async (path) => {
  const preflight = await fetch(`${issuer}${path}`, {
    method: 'OPTIONS',
    headers: { origin: api, 'access-control-request-method': 'POST' },
  });
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, api]);
  const answer = await ask({ token: 'any' }, api, path);
  expect(answer.headers.get('access-control-allow-origin')).toBe(api);
});

test.each([
  ['/token', 'https://evil.example'],
  ['/token', 'null'],
  ['/token', 'http://127.0.0.1:9'],
  ['/token/revocation', 'https://evil.example'],
  ['/jwks', 'https://evil.example'],
])('%s refuses scripts of the origin %s', async (path, origin) => {
  const { refresh_token } = await signedIn('aino');
  for (const method of ['OPTIONS', 'POST']) {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const body = new URLSearchParams({
      client_id: CLIENT,
      grant_type: 'refresh_token',
      refresh_token,
      token: refresh_token,
    });
    const answer = await fetch(`${issuer}${path}`, { method, headers, ...(method === 'POST' && { body }) });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  }
  await tokens(await refresh(refresh_token));
});

test('a form of another page cannot choose a person', async () => {
  const browser = browse();
  const login = await browser.open(request().path);
  const answer = await fetch(login.url, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ person: 'aino' }),
  });
  expect(answer.status).toBe(403);
});

test('a browser keeps its session wherever the stack’s clock stands', async () => {
  const browser = browse();
  const login = await browser.open(request().path);
  await browser.open(login.url, { person: 'aino' });
  expect(browser.expiries()).toEqual([]);
});

test('when the stack’s clock is moved beyond a fortnight, the person signs in again', async () => {
  const { browser, refresh_token } = await signedIn('aino');
  await clientsOf(stack.endpoints).advance('P15D');

  expect(await fault(await refresh(refresh_token))).toEqual([400, 'invalid_grant']);
  expect((await browser.open(request().path)).text).toContain('<h1>Sign in</h1>');
});

/** The hidden inputs of a form. */
function hiddenInputs(page: string): Record<string, string> {
  const inputs = page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"\/>/g);
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]));
}
