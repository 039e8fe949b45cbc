import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { explain } from './explain.ts';
import { fixture, NOW, settingsOf } from './samples.ts';

const ISSUER = 'https://idp.example.com/123456789/';
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const aino = { format: 'iss_sub', iss: ISSUER, sub: 'aino' };
const privateKey = importJWK(JSON.parse(fixture('keys/private.TEST-ONLY.jwk.json')), 'RS256');

async function told(events: object, sub_id: object) {
  const claims: JWTPayload = { sub_id, events, jti: 'one', iat: Date.parse(NOW) / 1_000 - 10 };
  const body = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'application/secevent+jwt', kid: 'test-key-1' })
    .setIssuer(ISSUER)
    .setAudience(['https://other.example', 'https://sp.example.com/caep'])
    .sign(await privateKey);
  const headers = { authorization: 'Bearer ssf-stream-token' };
  return explain({ provider: 'ssf', delivery: 'http', now: NOW, headers, body, settings: settingsOf('ssf') });
}

describe('the subject of a signal', () => {
  const cases: [string, object, object][] = [
    ['a user, all of their sessions', aino, { user: 'aino', session: null }],
    ['a session alone', { format: 'opaque', id: 's-1' }, { user: null, session: 's-1' }],
    [
      'a session of a user',
      { format: 'complex', user: aino, session: { format: 'opaque', id: 's-1' } },
      { user: 'aino', session: 's-1' },
    ],
    [
      'a user by an opaque id',
      { format: 'complex', user: { format: 'opaque', id: 'aino' } },
      { user: 'aino', session: null },
    ],
  ];
  test.each(cases)('%s', async (_, subject, named) => {
    const answer = await told({ [`${CAEP}/session-revoked`]: {} }, subject);

    expect(answer.events).toMatchObject([{ ...named, kind: 'logout', at: '2026-03-02T16:02:50.000Z', id: 'one' }]);
  });

  test.each([
    ['an e-mail address is no id', { format: 'email', email: 'aino@acme.example' }],
    ['a user of another issuer is another user', { ...aino, iss: 'https://other.example' }],
    ['a device logs nobody out', { format: 'complex', device: { format: 'opaque', id: 'd-1' } }],
  ])('%s', async (_, subject) => {
    const answer = await told({ [`${CAEP}/session-revoked`]: {} }, subject);

    expect(answer.outcome).toBe('reject');
    expect(JSON.parse(answer.response.body).err).toBe('invalid_request');
  });
});

test('a presented session is an activity', async () => {
  const answer = await told(
    { [`${CAEP}/session-presented`]: { ext_id: 's-1', event_timestamp: 1_772_467_371.5 } },
    aino,
  );

  expect(answer.events).toMatchObject([{ kind: 'activity', session: 's-1', at: '2026-03-02T16:02:51.500Z' }]);
});

test('two events of one token have different ids', async () => {
  const answer = await told({ [`${CAEP}/session-revoked`]: {}, [`${CAEP}/session-established`]: {} }, aino);

  expect(answer.events.map(({ id }) => id)).toEqual(['one.login', 'one.logout']);
});
