import { describe, expect, test } from 'vitest';
import { plus } from '../../../shared/licensing/time.ts';
import { MOST_BODY_BYTES } from '../../../shared/sign-in/providers/read-hook.ts';
import { explain } from './explain.ts';
import {
  bearerQuestion,
  fixture,
  keycloakSignature,
  NOW,
  type Question,
  settingsOf,
  signedHeaders,
} from './samples.ts';

function question(provider: string, body: unknown, headers: Record<string, string> = {}): Question {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { provider, delivery: 'http', now: NOW, headers, body: text, settings: settingsOf(provider) };
}

const json = (file: string) => JSON.parse(fixture(file));

describe('the service’s own webhook', () => {
  const own = (body: unknown) => question('standard-webhooks', body, signedHeaders('msg_1', NOW, JSON.stringify(body)));
  const data = { tenant: 'acme', user: 'aino', session: 's-1' };

  test('reports a login, with the offset of any time zone', async () => {
    const answer = await explain(
      own({ type: 'session.login', timestamp: '2026-03-02T18:02:00+02:00', data, extra: 1 }),
    );

    expect(answer.events).toEqual([
      {
        tenant: 'standard-webhooks:acme',
        user: 'aino',
        session: 's-1',
        kind: 'login',
        at: '2026-03-02T16:02:00.000Z',
        id: 'msg_1',
      },
    ]);
  });

  test('without a tenant belongs to the first one', async () => {
    const answer = await explain(own({ type: 'session.activity', timestamp: NOW, data: { user: 'aino' } }));

    expect(answer.events).toMatchObject([{ tenant: 'standard-webhooks:acme', session: null, kind: 'activity' }]);
  });

  test('may end a session without naming the user', async () => {
    const answer = await explain(own({ type: 'session.logout', timestamp: NOW, data: { session: 's-1' } }));

    expect(answer.events).toMatchObject([{ user: null, session: 's-1', kind: 'logout' }]);
  });

  test('of another type is ignored', async () => {
    expect((await explain(own({ type: 'invoice.paid' }))).outcome).toBe('ignore');
  });

  test.each([
    ['a login without a user', { type: 'session.login', timestamp: NOW, data: { session: 's-1' } }],
    ['a logout of nobody', { type: 'session.logout', timestamp: NOW, data: {} }],
    [
      'a user id of more than 200 bytes',
      { type: 'session.login', timestamp: NOW, data: { ...data, user: 'ä'.repeat(101) } },
    ],
    ['a time that is none', { type: 'session.login', timestamp: 'yesterday', data }],
    ['a time without an offset', { type: 'session.login', timestamp: '2026-03-02T16:02:00', data }],
    ['more than 5 minutes of the future', { type: 'session.login', timestamp: plus(NOW, 300_001), data }],
    ['no type', { data }],
    ['a list', []],
  ])('is rejected with %s', async (_, body) => {
    const answer = await explain(own(body));

    expect(answer.outcome).toBe('reject');
    expect(answer.response.status).toBe(400);
  });

  test('may be 5 minutes ahead', async () => {
    expect((await explain(own({ type: 'session.login', timestamp: plus(NOW, 300_000), data }))).outcome).toBe('events');
  });

  test('may have 256 KiB and no byte more', async () => {
    const base = { type: 'session.login', timestamp: NOW, data, padding: '' };
    const padded = (size: number) => ({ ...base, padding: 'x'.repeat(size - JSON.stringify(base).length) });

    expect((await explain(own(padded(MOST_BODY_BYTES)))).outcome).toBe('events');
    const answer = await explain(own(padded(MOST_BODY_BYTES + 1)));
    expect(answer.outcome).toBe('reject');
    expect(answer.response.status).toBe(413);
  });

  test('is posted', async () => {
    const answer = await explain({ ...own({ type: 'session.login', timestamp: NOW, data }), method: 'PUT' });

    expect(answer.response).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describe('Cognito', () => {
  const trigger = (changes: object, settings: object = {}): Question => ({
    provider: 'cognito',
    delivery: 'lambda-invoke',
    now: NOW,
    body: JSON.stringify({ ...json('cognito/pre-token-generation-v1-authentication.json'), ...changes }),
    settings: { ...settingsOf('cognito'), ...settings },
  });

  test.each([
    ['TokenGeneration_NewPasswordChallenge', 'login'],
    ['TokenGeneration_AuthenticateDevice', 'login'],
    ['TokenGeneration_RefreshTokens', 'activity'],
  ])('%s is a %s', async (triggerSource, kind) => {
    expect((await explain(trigger({ triggerSource }))).events).toMatchObject([{ kind }]);
  });

  test.each(['PostConfirmation_ConfirmForgotPassword', 'TokenGeneration_ClientCredentials', 'PreSignUp_SignUp'])(
    '%s is ignored, whatever the pool',
    async (triggerSource) => {
      expect((await explain(trigger({ triggerSource, userPoolId: 'other' }))).outcome).toBe('ignore');
    },
  );

  test('a retry within the minute has the same id, another trigger another', async () => {
    const [first, retried, next] = await Promise.all([
      explain(trigger({})),
      explain({ ...trigger({}), now: plus(NOW, 4_000) }),
      explain(trigger({ triggerSource: 'PostAuthentication_Authentication' })),
    ]);

    expect(retried.events[0]?.id).toBe(first.events[0]?.id);
    expect(next.events[0]?.id).not.toBe(first.events[0]?.id);
  });

  test('an app client that is not listed does not count', async () => {
    expect((await explain(trigger({}, { clientIds: ['other'] }))).outcome).toBe('ignore');
    expect((await explain(trigger({}, { clientIds: ['other', '3n8kq1v5t7c2x9m4p6r0s8d1fg'] }))).outcome).toBe('events');
  });

  test('gets its event back unchanged, whatever the outcome', async () => {
    for (const changes of [{}, { triggerSource: 'x' }, { request: {} }, { userPoolId: 'other' }]) {
      const asked = trigger(changes);
      expect((await explain(asked)).response).toEqual({ status: 200, headers: {}, body: asked.body });
    }
  });

  test('a failed sign-out and one of another pool are ignored', async () => {
    const record = json('cognito/eventbridge-cloudtrail-global-sign-out.json');
    const told = (detail: object): Question => ({
      ...trigger({}),
      delivery: 'eventbridge',
      body: JSON.stringify({ ...record, detail: { ...record.detail, ...detail } }),
    });

    expect((await explain(told({ errorCode: 'NotAuthorizedException' }))).outcome).toBe('ignore');
    expect((await explain(told({ requestParameters: { userPoolId: 'other' } }))).outcome).toBe('unauthorized');
  });
});

describe('Okta', () => {
  const headers = { authorization: 'okta-hook-shared-secret' };
  const hook = json('okta/event-hook-session-end.json');
  const told = (changes: object) => {
    const [event] = hook.data.events;
    return question('okta', { ...hook, data: { events: [{ ...event, ...changes }] } }, headers);
  };

  test.each([null, undefined, 'unknown', ''])(
    'a session id of %s stands for the user as a whole',
    async (externalSessionId) => {
      const answer = await explain(told({ authenticationContext: { externalSessionId } }));

      expect(answer.events).toMatchObject([{ user: '00u1acmeaino1vir0697', session: null, kind: 'logout' }]);
    },
  );

  test.each(['user.lifecycle.deactivate', 'user.lifecycle.suspend'])(
    '%s ends all sessions of the target',
    async (eventType) => {
      const target = [
        { id: 'app', type: 'AppInstance' },
        { id: 'mikko', type: 'User' },
      ];

      expect((await explain(told({ eventType, target }))).events).toMatchObject([
        { user: 'mikko', session: null, kind: 'logout' },
      ]);
    },
  );

  test('a subject that is not a user logs nobody in', async () => {
    expect((await explain(told({ actor: { id: 'app', type: 'PublicClientApp' } }))).outcome).toBe('ignore');
  });

  test('a hook of another type is ignored', async () => {
    expect(
      (await explain(question('okta', { ...hook, eventType: 'com.okta.saml.tokens.transform' }, headers))).outcome,
    ).toBe('ignore');
  });
});

describe('Entra', () => {
  test('is let through whatever the body, with exactly one action', async () => {
    for (const body of ['', '{', '[]', fixture('entra/malformed-no-user.json')]) {
      const answer = await explain({ ...bearerQuestion('entra/bearer-v2.jwt'), body });

      expect(answer.outcome).toBe('reject');
      expect(answer.response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
      expect(JSON.parse(answer.response.body).data.actions).toHaveLength(1);
    }
  });

  test('an event has the same id when it is sent again, whatever its client calls it', async () => {
    const body = fixture('entra/token-issuance-start.json');
    const resent = body.replace(/"correlationId": "[^"]+/, '"correlationId": "another');
    const [one, again] = await Promise.all([
      explain({ ...bearerQuestion('entra/bearer-v2.jwt'), body }),
      explain({ ...bearerQuestion('entra/bearer-v2.jwt'), body: resent, now: plus(NOW, 900) }),
    ]);

    expect(one.events[0]?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(again.events[0]?.id).toBe(one.events[0]?.id);
  });
});

describe('Auth0', () => {
  const headers = { authorization: 'auth0-stream-token' };
  const [record] = json('auth0/log-stream-login.json');
  const told = (data: object) => question('auth0', [{ ...record, data: { ...record.data, ...data } }], headers);

  test.each([
    ['ssa', 'activity'],
    ['seacft', 'activity'],
    ['slo', 'logout'],
  ])('%s is a %s', async (type, kind) => {
    expect((await explain(told({ type }))).events).toMatchObject([
      { kind, session: 'm5SgtzMKxmeNBxj_kCfUUJhzrSdfvLFu' },
    ]);
  });

  test('a universal logout ends the user as a whole', async () => {
    expect((await explain(told({ type: 'universal_logout_succeeded' }))).events).toMatchObject([
      { kind: 'logout', session: null },
    ]);
  });

  test.each(['f', 'srrt', 'fertft', 'gd_auth_succeed'])('%s is ignored', async (type) => {
    expect((await explain(told({ type, user_id: '' }))).outcome).toBe('ignore');
  });

  test('a refresh that an Action reports is an activity', async () => {
    const event = json('auth0/post-login-action-event.json');
    const body = JSON.stringify({ ...event, transaction: { protocol: 'oauth2-refresh-token' } });

    const answer = await explain(question('auth0', body, signedHeaders('msg_1', NOW, body)));

    expect(answer.events).toMatchObject([{ kind: 'activity', at: NOW, id: 'msg_1' }]);
  });

  test('a bad line does not hinder the others', async () => {
    const body = `${JSON.stringify(record)}\nnot json\n\n`;

    expect(await explain(question('auth0', body, headers))).toMatchObject({ outcome: 'events', rejected: 1 });
  });

  test.each(['', 'not json', '{"a":}', '"text"'])('a body of %j is rejected', async (body) => {
    expect((await explain(question('auth0', body, headers))).outcome).toBe('reject');
  });
});

describe('Keycloak', () => {
  const told = (body: object) =>
    question('keycloak', body, { 'x-keycloak-signature': keycloakSignature(JSON.stringify(body)) });
  const login = json('keycloak/webhook-access-login.json');

  test('an event of the plain listener, which sends no id, always gets the same one', async () => {
    const { details: _, ...same } = json('keycloak/http-sender-login.json');
    const [one, again, next] = await Promise.all([
      explain(told(same)),
      explain(told({ ...same, ipAddress: '192.0.2.1' })),
      explain(told({ ...same, time: same.time + 1 })),
    ]);

    expect(again.events[0]?.id).toBe(one.events[0]?.id);
    expect(next.events[0]?.id).not.toBe(one.events[0]?.id);
  });

  test('an exchanged code is an activity', async () => {
    expect((await explain(told({ ...login, type: 'access.CODE_TO_TOKEN' }))).events).toMatchObject([
      { kind: 'activity' },
    ]);
  });

  test.each([
    ['a client', { ...login, type: 'access.CLIENT_LOGIN' }],
    ['an admin event of the plain listener', { operationType: 'CREATE', realmId: login.realmId, time: login.time }],
  ])('%s is ignored', async (_, body) => {
    expect((await explain(told(body))).outcome).toBe('ignore');
  });

  test('a time beyond the range of dates is rejected', async () => {
    expect((await explain(told({ ...login, time: Number.MAX_SAFE_INTEGER }))).outcome).toBe('reject');
  });
});
