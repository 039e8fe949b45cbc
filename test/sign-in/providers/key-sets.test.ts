import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import { type HookSettings, headersOf } from '../../../shared/sign-in/providers/hook-request.ts';
import { cachedKeySets } from '../../../shared/sign-in/providers/key-sets.ts';
import { readHook } from '../../../shared/sign-in/providers/read-hook.ts';
import { explain } from './explain.ts';
import { fixture, jwks, NOW, questionOf, samples, settingsOf } from './samples.ts';

const ADDRESS = 'https://idp.example.com/keys';

type KeyPair = { jwk: JWK; privateKey: CryptoKey };
let one: KeyPair;
let other: KeyPair;

beforeAll(async () => {
  [one, other] = await Promise.all([keyPair('one'), keyPair('other')]);
});

async function keyPair(kid: string): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, privateKey };
}

/** A provider that publishes keys, and counts who asks for them. */
function provider() {
  const published = { keys: [one.jwk], isDown: false, fetches: 0 };
  const keySets = cachedKeySets(async (address) => {
    published.fetches += 1;
    if (published.isDown || address !== ADDRESS) throw new Error('down');
    return { keys: published.keys };
  });
  const settings: HookSettings = { tenants: [], jwks: ADDRESS, issuer: ['https://idp.example.com'], audience: ['esm'] };
  const outcomeOf = async (keys: KeyPair, now: string, kid: string | undefined = keys.jwk.kid) => {
    const token = await new SignJWT({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } })
      .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', ...(kid ? { kid } : {}) })
      .setIssuer('https://idp.example.com')
      .setAudience('esm')
      .setSubject('aino')
      .setJti('one')
      .setIssuedAt(Date.parse(now) / 1_000)
      .sign(keys.privateKey);
    const body = new URLSearchParams({ logout_token: token }).toString();
    const request = { delivery: 'http', method: 'POST', path: '', headers: headersOf({}), body } as const;
    return (await readHook('oidc-backchannel', request, settings, { now, keySets })).outcome;
  };
  return { published, outcomeOf };
}

describe('keys that are fetched', () => {
  test('are fetched once for many tokens, also for those that come at the same time', async () => {
    const { published, outcomeOf } = provider();

    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(one, NOW)));

    expect(new Set(outcomes)).toEqual(new Set(['events']));
    expect(published.fetches).toBe(1);
  });

  test('are fetched again at once for an unknown key id: a rotation', async () => {
    const { published, outcomeOf } = provider();
    await outcomeOf(one, NOW);
    published.keys = [other.jwk, one.jwk];

    expect(await outcomeOf(other, plus(NOW, 1_000))).toBe('events');
    expect(await outcomeOf(one, plus(NOW, 2_000))).toBe('events');
    expect(published.fetches).toBe(2);
  });

  test('are not fetched for each of many unknown key ids', async () => {
    const { published, outcomeOf } = provider();
    await outcomeOf(one, NOW);

    for (let i = 0; i < 5; i++) expect(await outcomeOf(other, plus(NOW, i), `unknown-${i}`)).toBe('unauthorized');

    expect(published.fetches).toBe(2);
  });

  test('are fetched again after ten minutes, so that a withdrawn key is refused', async () => {
    const { published, outcomeOf } = provider();
    await outcomeOf(one, NOW);
    published.keys = [other.jwk];

    expect(await outcomeOf(one, plus(NOW, 10 * 60_000))).toBe('unauthorized');
  });

  test('stay in use for a day while the provider is down', async () => {
    const { published, outcomeOf } = provider();
    await outcomeOf(one, NOW);
    published.isDown = true;

    expect(await outcomeOf(one, plus(NOW, 23 * 3_600_000))).toBe('events');
    expect(await outcomeOf(one, plus(NOW, 25 * 3_600_000))).toBe('retry');
  });

  test('that cannot be fetched at all decide nothing, and the call may be retried', async () => {
    const { published, outcomeOf } = provider();
    published.isDown = true;
    expect(await outcomeOf(one, NOW)).toBe('retry');
    published.isDown = false;

    expect(await outcomeOf(one, plus(NOW, 10_000))).toBe('events');
  });

  test('are all tried for a token that names none of them', async () => {
    const { published, outcomeOf } = provider();
    published.keys = [other.jwk, one.jwk];

    expect(await outcomeOf(one, NOW, '')).toBe('events');
  });
});

test('a login continues when Entra’s keys cannot be fetched, and the answer has no license', async () => {
  const sample = samples.find(({ file }) => file === 'entra/token-issuance-start.json')!;
  const question = { ...questionOf(sample), settings: { ...settingsOf('entra'), jwks: ADDRESS } };

  const answer = await explain(question);

  expect(answer.outcome).toBe('retry');
  expect(answer.response.status).toBe(200);
  expect(JSON.parse(answer.response.body).data.actions).toHaveLength(1);
});

test('with a known key a call costs little more than the proof of its signature', async () => {
  const keySets = cachedKeySets(() => Promise.reject(new Error('nothing is fetched here')));
  const settings: HookSettings = {
    tenants: [],
    jwks: jwks as never,
    issuer: ['https://idp.example.com/123456789/'],
    audience: ['esm-web'],
  };
  const body = `logout_token=${fixture('oidc-backchannel/logout-token.jwt').trim()}`;
  const request = { delivery: 'http', method: 'POST', path: '', headers: headersOf({}), body } as const;
  const read = () => readHook('oidc-backchannel', request, settings, { now: NOW, keySets });
  expect((await read()).outcome).toBe('events');

  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const bytes = new TextEncoder().encode(body);
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', privateKey, bytes);
  const prove = () => crypto.subtle.verify('RSASSA-PKCS1-v1_5', publicKey, signature, bytes);

  const fastest = { read: Number.POSITIVE_INFINITY, proof: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 100; i++) {
    fastest.proof = Math.min(fastest.proof, await timeOf(prove));
    fastest.read = Math.min(fastest.read, await timeOf(read));
  }

  // The fastest of each, side by side: neither the machine's speed nor what else it does at the time is ours.
  expect(fastest.read / fastest.proof).toBeLessThan(20);
});

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
