import { describe, expect, test } from 'vitest';
import { SAFE_HEADERS } from '../../../shared/platform/safe-headers.ts';
import { type Answered, aHookWorld, httpEvent, type Sent } from '../../fakes/hook-world.ts';
import { aLicense } from '../../fakes/world.ts';
import { fixture, settingsOf } from '../../sign-in/providers/samples.ts';

const SIGN_IN = JSON.parse(fixture('cognito/pre-token-generation-v1-authentication.json'));
const SUB = SIGN_IN.request.userAttributes.sub;
const SIGN_OUT = JSON.parse(fixture('cognito/eventbridge-cloudtrail-global-sign-out.json'));
const NOW = '2026-03-02T16:03:00.000Z';

const signOut = (changes: object = {}) => ({
  ...SIGN_OUT,
  detail: { ...SIGN_OUT.detail, eventTime: NOW, additionalEventData: { sub: SUB } },
  ...changes,
});

/** A user of Cognito who is signed in, and a tenant of Auth0's bus. */
async function signedIn() {
  const world = await aHookWorld({ licenses: [aLicense()], now: NOW });
  await world.configure('cognito');
  await world.configure('auth0');
  await world.invoke(SIGN_IN);
  expect((await world.license('A1000001')).currentUser).toBe(SUB);
  world.clock.move(60_000);
  const before = structuredClone(world.table.items());
  const { rounds } = world.counts;
  return {
    ...world,
    expectNothing: () => {
      expect(world.table.items()).toEqual(before);
      // Not even read: nobody can fill the table, and no time tells whether there is a hook.
      expect(world.counts.rounds).toBe(rounds);
    },
  };
}

describe('a call by HTTP is never taken for Cognito or EventBridge, whatever it contains', () => {
  const POOL = 'eu-north-1_Lp4QzT7aB';
  const bodies: [string, object][] = [
    ['a sign-out', signOut()],
    [
      'a sign-out that names its pool',
      signOut({ detail: { ...signOut().detail, requestParameters: { userPoolId: POOL } } }),
    ],
    ['a user disabled', signOut({ detail: { ...signOut().detail, eventName: 'AdminDisableUser' } })],
    ['a sign-in', SIGN_IN],
    ['a record of Auth0’s bus', JSON.parse(fixture('auth0/eventbridge-login.json'))],
    ['an HTTP call in an HTTP call', httpEvent('/hooks/acme/cognito', 'cognito', {})],
  ];
  test.each(bodies)('%s', async (_, body) => {
    const { post, expectNothing } = await signedIn();
    const sent: Sent = { body: JSON.stringify(body) };
    const headers = { authorization: 'Bearer x', 'x-amz-invocation-type': 'Event', 'x-amz-source-arn': 'arn:aws:x' };

    expect(await post('cognito', sent)).toEqual({ statusCode: 401, headers: SAFE_HEADERS, body: '' });
    expect(await post('cognito', { ...sent, headers, query: 'delivery=eventbridge' })).toMatchObject({
      statusCode: 401,
    });
    expect(await post('cognito', { ...sent, tenant: 'nobody' })).toEqual({
      statusCode: 401,
      headers: SAFE_HEADERS,
      body: '',
    });
    expect(await post('cognito', { ...sent, method: 'GET' })).toMatchObject({ statusCode: 401 });

    expectNothing();
  });

  test('an event through the API in another form', async () => {
    const { invoke, expectNothing } = await signedIn();

    for (const event of [
      { ...signOut(), requestContext: {} },
      { ...SIGN_IN, requestContext: { stage: 'x' } },
    ]) {
      expect(await invoke(event)).toMatchObject({ statusCode: 401 });
    }

    expectNothing();
  });
});

describe('an event of EventBridge counts only by its source and its type', () => {
  test.each([
    ['a source of somebody’s own', { source: 'com.example.cognito-idp' }],
    ['a type of somebody’s own', { 'detail-type': 'Sign-out' }],
    ['Auth0’s source', { source: 'aws.partner/auth0.com/acme-example/auth0.logs' }],
  ])('%s', async (_, changes) => {
    const { invoke, expectNothing } = await signedIn();

    expect(await invoke(signOut(changes))).toBeUndefined();

    expectNothing();
  });

  test('the right source and type end the sessions', async () => {
    const { invoke, license, clock } = await signedIn();

    await invoke(signOut({ detail: { ...signOut().detail, eventTime: clock.now() } }));

    expect((await license('A1000001')).currentUser).toBeUndefined();
  });
});

describe('a stranger cannot tell whether a tenant has a hook', () => {
  const JWT = [{ alg: 'RS256', typ: 'secevent+jwt', kid: 'k' }, {}]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('AAAA')
    .join('.');
  const calls: Sent[] = [
    { body: '{}' },
    { body: '{"value":[{}]}' },
    { body: '{}', headers: { authorization: `Bearer ${JWT}` } },
    { body: JWT, headers: { 'content-type': 'application/secevent+jwt' } },
    { body: `logout_token=${JWT}` },
    {
      body: '{}',
      headers: {
        'webhook-id': 'a',
        'webhook-timestamp': '1',
        'webhook-signature': 'v1,AA==',
        'x-keycloak-signature': '0'.repeat(64),
      },
    },
    { method: 'GET', headers: { 'x-okta-verification-challenge': 'a' } },
  ];
  const { authorization: _, ...openSignals } = settingsOf('ssf');
  const unreachable = { jwks: 'https://idp.example.com/keys' };
  const hooks: [string, string, object][] = [
    ...['cognito', 'okta', 'entra', 'auth0', 'keycloak', 'oidc-backchannel', 'ssf', 'standard-webhooks'].map(
      (provider): [string, string, object] => [provider, 'as the samples have it', {}],
    ),
    ['ssf', 'without Authorization', openSignals],
    ...['entra', 'oidc-backchannel', 'ssf'].map((provider): [string, string, object] => [
      provider,
      'whose key set cannot be fetched',
      unreachable,
    ]),
  ];

  test.each(hooks)('%s, %s', async (provider, _what, changes) => {
    const { configure, post } = await aHookWorld();
    const settings = changes === openSignals ? openSignals : { ...settingsOf(provider), ...changes };
    await configure(provider, settings);
    for (const sent of calls) {
      const there = await post(provider, sent);

      expect(await post(provider, { ...sent, tenant: 'nobody' })).toEqual(there);
      expect(there.statusCode).toBeGreaterThanOrEqual(400);
      expect(there.statusCode).toBeLessThan(500);
    }
  });

  test.each(['okta', 'auth0', 'keycloak', 'standard-webhooks', 'ssf', 'entra'])(
    '%s, whose secrets do not exist',
    async (provider) => {
      const { configure, post, secrets } = await aHookWorld();
      await configure(provider);
      secrets.clear();
      for (const sent of calls) {
        const answered: Answered = await post(provider, sent);

        expect(await post(provider, { ...sent, tenant: 'nobody' })).toEqual(answered);
      }
    },
  );
});
