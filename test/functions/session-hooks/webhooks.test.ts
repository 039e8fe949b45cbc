import { describe, expect, test } from 'vitest';
import type { Table, Write } from '../../../shared/platform/ports/table.ts';
import { SAFE_HEADERS } from '../../../shared/platform/safe-headers.ts';
import { aHookWorld, besideHealth } from '../../fakes/hook-world.ts';
import { aLicense, aUserCard } from '../../fakes/world.ts';
import {
  fixture,
  KEYCLOAK_SECRET,
  keycloakSignature,
  settingsOf,
  signedHeaders,
} from '../../sign-in/providers/samples.ts';

const LICENSE = aLicense({ folderId: 'finance' });
const AT = '2026-03-02T16:02:00.000Z';

async function aTenant(facts: Parameters<typeof aHookWorld>[0] = {}) {
  const world = await aHookWorld({ licenses: [LICENSE], cards: [aUserCard()], ...facts });
  await world.configure('standard-webhooks', {
    tenants: ['standard-webhooks:acme'],
    secret: settingsOf('standard-webhooks')['secret'],
  });
  return world;
}

describe('our own webhook', () => {
  test('session.login takes a license and is answered with the receipt (R23)', async () => {
    const { tell, license } = await aTenant();

    const answer = await tell('m1', 'session.login', { user: 'ada', session: 's1' });

    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({
      outcome: 'allocated',
      license: { serialNumber: LICENSE.serialNumber },
      user: 'ada',
      session: 's1',
    });
    expect((await license(LICENSE.serialNumber)).currentUser).toBe('ada');
  });

  test('activity and logout are answered without a body; the logout frees the license', async () => {
    const { tell, license, card } = await aTenant();
    await tell('m1', 'session.login', { user: 'ada', session: 's1' });

    expect(await tell('m2', 'session.activity', { user: 'ada', session: 's1' })).toMatchObject({
      statusCode: 204,
      body: '',
    });
    expect(await tell('m3', 'session.logout', { user: 'ada', session: 's1' })).toMatchObject({ statusCode: 204 });

    expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
    expect((await card('ada'))?.sessions).toEqual({});
  });

  test('a logout that names only the session ends its owner’s session', async () => {
    const { tell, license } = await aTenant();
    await tell('m1', 'session.login', { user: 'ada', session: 's1' });

    await tell('m2', 'session.logout', { session: 's1' });

    expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
  });

  test('a logout that arrives before its login keeps the login from taking a license', async () => {
    const { tell, license } = await aTenant();

    await tell('m2', 'session.logout', { session: 's1' }, { at: AT });
    const late = await tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: '2026-03-02T16:01:00.000Z' });
    const next = await tell('m3', 'session.login', { user: 'ada', session: 's2' });

    expect(JSON.parse(late.body)).toMatchObject({ outcome: 'denied', reason: 'session-ended' });
    expect(JSON.parse(next.body)).toMatchObject({ outcome: 'allocated' });
    expect((await license(LICENSE.serialNumber)).currentUser).toBe('ada');
  });

  test.each(['before', 'after'])('a logout that races its login ends it: the login is written %s it', async (when) => {
    const { tell, deps, license } = await aTenant();
    const { table } = deps;
    const isEnd = (write: Write) => 'update' in write && write.set?.some(([path]) => path === 'endedAt') === true;
    const isLogin = (write: Write) => 'update' in write && write.update.sk === 'LICENSE';
    const login = () => tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });
    const logout = () => tell('m2', 'session.logout', { session: 's1' }, { at: AT });
    let isFirst = true;
    // Both have read; the one overtakes the other's write.
    const overtaking: Table = {
      ...table,
      write: async (writes) => {
        if (isFirst && writes.some(when === 'before' ? isEnd : isLogin)) {
          isFirst = false;
          await (when === 'before' ? login() : logout());
        }
        return table.write(writes);
      },
    };
    Object.assign(deps, { table: overtaking });

    await (when === 'before' ? logout() : login());

    expect(isFirst).toBe(false);
    expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
  });

  test('claims create the card at the first login, and move it later only if the tenant’s settings say so', async () => {
    const told = async (moveExisting: boolean) => {
      const { tell, card } = await aTenant({
        settings: { folderClaims: { folders: { fin: 'Finance' }, moveExisting } },
      });
      await tell('m1', 'session.login', {
        user: 'new',
        claims: { folder: 'fin', access: 'read', name: 'Nia', level: 'x' },
      });
      const made = await card('new');
      await tell('m2', 'session.login', { user: 'new', claims: { folder: 'Sales' } });
      return [made, await card('new')];
    };

    expect(await told(false)).toMatchObject([
      { folderId: 'finance', access: 'read', level: 'normal', name: 'Nia' },
      { folderId: 'finance' },
    ]);
    expect(await told(true)).toMatchObject([{ folderId: 'finance' }, { folderId: 'sales' }]);
  });
});

describe('the same id', () => {
  test('with the same body gets the same answer, and changes nothing', async () => {
    const { tell, table } = await aTenant();
    const first = await tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });
    await tell('m2', 'session.login', { user: 'ada', session: 's2' });
    await tell('m3', 'session.logout', { user: 'ada', session: 's1' });
    const before = structuredClone(table.items());

    const again = await tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });

    expect(again).toEqual(first);
    expect(table.items()).toEqual(before);
  });

  test('is judged again when the user has lost the license in its answer, and then keeps the new answer', async () => {
    const { tell, license, card, table } = await aTenant({ cards: ['ada', 'bob'].map((user) => aUserCard({ user })) });
    const login = () => tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });
    expect(JSON.parse((await login()).body)).toMatchObject({ outcome: 'allocated' });
    await tell('m2', 'session.logout', { user: 'ada', session: 's1' });
    expect(JSON.parse((await tell('m3', 'session.login', { user: 'bob', session: 's2' })).body)).toMatchObject({
      outcome: 'allocated',
    });

    const again = await login();

    expect(JSON.parse(again.body)).toMatchObject({ outcome: 'denied', reason: 'session-ended', user: 'ada' });
    expect((await license(LICENSE.serialNumber)).currentUser).toBe('bob');
    expect((await card('ada'))?.sessions).toEqual({});
    const before = structuredClone(table.items());
    expect(await login()).toEqual(again);
    expect(table.items()).toEqual(before);
  });

  test('gets the present license when the user has moved to another one', async () => {
    const { tell, ask, clock } = await aTenant({
      licenses: [LICENSE, aLicense({ serialNumber: 'D1', type: 'dedicated', folderId: 'sales' })],
    });
    const login = () => tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });
    await login();
    await tell('m2', 'session.logout', { user: 'ada' });
    expect(await ask('assign-license', { serialNumber: 'D1', user: 'ada' })).not.toHaveProperty('error');
    clock.move(60_000);
    await tell('m3', 'session.login', { user: 'ada', session: 's1' });

    expect(JSON.parse((await login()).body)).toMatchObject({ outcome: 'denied', reason: 'session-ended' });
    const next = await tell('m4', 'session.login', { user: 'ada', session: 's2' });
    expect(JSON.parse(next.body)).toMatchObject({ outcome: 'continued', license: { serialNumber: 'D1' } });
  });

  test('of a denial gets the same answer', async () => {
    const { tell, table } = await aTenant({ licenses: [] });
    const denied = await tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT });
    const before = structuredClone(table.items());

    expect(await tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT })).toEqual(denied);
    expect(table.items()).toEqual(before);
  });

  test('with another body is a conflict, and changes nothing', async () => {
    const { tell, table } = await aTenant();
    await tell('m1', 'session.login', { user: 'ada', session: 's1' });
    const before = structuredClone(table.items());

    expect(await tell('m1', 'session.login', { user: 'bob', session: 's1' })).toMatchObject({
      statusCode: 409,
      body: '',
    });
    expect(await tell('m1', 'session.logout', { user: 'ada' })).toMatchObject({ statusCode: 409 });
    expect(table.items()).toEqual(before);
  });

  test('of Keycloak is the same event through a second webhook, which numbers its bodies itself', async () => {
    const { configure, post, table } = await aTenant();
    await configure('keycloak');
    const call = (body: string) =>
      post('keycloak', { headers: { 'x-keycloak-signature': keycloakSignature(body) }, body });
    const login = fixture('keycloak/webhook-access-login.json');
    const [twin, foreign] = [/("uid":\s*")[^"]+/, /("userId":\s*")[^"]+/].map((part) => login.replace(part, '$1other'));
    expect(await call(login)).toMatchObject({ statusCode: 204 });
    const before = structuredClone(table.items());

    expect(twin).not.toBe(login);
    expect(await call(twin ?? '')).toMatchObject({ statusCode: 204 });
    expect(await call(foreign ?? '')).toMatchObject({ statusCode: 409 });
    expect(table.items()).toEqual(before);
  });

  test('is another event after eight days, even if its item still exists', async () => {
    const { tell, clock, table } = await aTenant();
    await tell('m1', 'session.login', { user: 'ada', session: 's1' });

    clock.move(8 * 86_400_000);
    const later = await tell('m1', 'session.login', { user: 'ada', session: 's9' });

    expect(JSON.parse(later.body)).toMatchObject({ session: 's9' });
    const ttls = table.items().flatMap(({ pk, ttl }) => (pk.startsWith('HOOKEVENT#') ? [ttl] : []));
    expect(ttls).toEqual([Date.parse(clock.now()) / 1_000 + 8 * 86_400]);
  });

  test('in concurrent calls takes one license, and all get the same answer', async () => {
    const { tell } = await aTenant({ licenses: [LICENSE, aLicense({ serialNumber: 'A2', folderId: 'finance' })] });

    const answers = await Promise.all(
      Array.from({ length: 6 }, () => tell('m1', 'session.login', { user: 'ada', session: 's1' }, { at: AT })),
    );

    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  });

  test('in two concurrent calls with different bodies: one is applied, and the other is a conflict', async () => {
    const { tell, card } = await aTenant({
      licenses: [LICENSE, aLicense({ serialNumber: 'A2', folderId: 'finance' })],
    });

    const answers = await Promise.all(
      ['ada', 'bob'].map((user) => tell('m1', 'session.login', { user, session: user })),
    );

    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409]);
    const holders = [await card('ada'), await card('bob')].filter((each) => each?.current !== undefined);
    expect(holders).toHaveLength(1);
  });

  test('is stored without anybody’s name', async () => {
    const { tell, table } = await aTenant();
    await tell('m1', 'session.login', { user: 'ada-lovelace', session: 's1' });

    const kept = table.items().filter(({ pk }) => pk.startsWith('HOOKEVENT#'));
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('ada-lovelace');
  });
});

test('has no session after the user was erased', async () => {
  const { tell, ask, table } = await aTenant({ licenses: [aLicense(), aLicense({ serialNumber: 'A2' })] });
  await tell('m1', 'session.login', { user: 'ada-lovelace', session: 's1' });
  await tell('m2', 'session.login', { user: 'bob', session: 's2' });
  await ask('remove-user-card', { user: 'ada-lovelace' });

  expect(await ask('erase-user', { user: 'ada-lovelace' })).toMatchObject({ erased: true });

  const owners = table.items().filter(({ sk }) => sk === 'SESSION');
  expect(owners.map(({ user }) => user)).toEqual(['bob']);
});

describe('refusals change nothing, and are logged without a secret', () => {
  const body = JSON.stringify({ type: 'session.login', data: { tenant: 'acme', user: 'ada', session: 's1' } });
  const NOW = '2026-03-02T16:03:00.000Z';
  test.each([
    ['a wrong signature', signedHeaders('m1', NOW, body, 'whsec_AAAA9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), 401],
    ['an old timestamp', signedHeaders('m1', '2026-03-02T15:57:59.000Z', body), 401],
    ['no signature', {}, 401],
  ])('%s', async (_, headers, statusCode) => {
    const { post, table, logged } = await aTenant();
    const before = besideHealth(table);

    expect(await post('standard-webhooks', { headers, body })).toEqual({ statusCode, headers: SAFE_HEADERS, body: '' });

    expect(besideHealth(table)).toEqual(before);
    expect(logged).toEqual([
      ['hook-refused', expect.objectContaining({ provider: 'standard-webhooks', why: expect.any(String) })],
    ]);
    expect(JSON.stringify(logged)).not.toMatch(/whsec|v1,|MfKQ9r8/);
  });

  test.each(['standard-webhooks', 'okta', 'entra', 'auth0', 'keycloak', 'oidc-backchannel', 'ssf'])(
    '%s: an unknown tenant gets the same answer as a wrong secret',
    async (provider) => {
      const { post, configure } = await aHookWorld();
      await configure(provider);
      const sent = {
        headers: { authorization: 'Bearer wrong', 'x-keycloak-signature': 'a'.repeat(64) },
        body: 'logout_token=a.b.c',
      };

      const wrong = await post(provider, sent);

      expect(await post(provider, { ...sent, tenant: 'nobody' })).toEqual(wrong);
      expect(await post(provider, { ...sent, tenant: 'No Body' })).toEqual(wrong);
      expect([400, 401]).toContain(wrong.statusCode);
    },
  );

  test('an unknown provider', async () => {
    const { post } = await aTenant();

    expect(await post('myspace', { body })).toEqual({ statusCode: 401, headers: SAFE_HEADERS, body: '' });
  });

  test('more than 256 KiB, of the decoded bytes', async () => {
    const { post } = await aTenant();

    expect(await post('keycloak', { body: 'x'.repeat(256 * 1_024 + 1) })).toMatchObject({ statusCode: 413 });
    expect(await post('keycloak', { body: 'x'.repeat(256 * 1_024) })).toMatchObject({ statusCode: 401 });
  });
});

const KEYCLOAK_LOGIN = fixture('keycloak/webhook-access-login.json');
const SIGNED = { headers: { 'x-keycloak-signature': keycloakSignature(KEYCLOAK_LOGIN) }, body: KEYCLOAK_LOGIN };

describe('secrets', () => {
  test('two are active during a rotation, of which one may be gone', async () => {
    const { configure, post, secrets } = await aHookWorld();
    await configure('keycloak', { ...settingsOf('keycloak'), secret: [KEYCLOAK_SECRET, 'the-next'] });
    secrets.delete('acme/keycloak-secret-0');
    const login = fixture('keycloak/webhook-access-login.json');
    const call = (secret: string) =>
      post('keycloak', { headers: { 'x-keycloak-signature': keycloakSignature(login, secret) }, body: login });

    expect(await call('the-next')).toMatchObject({ statusCode: 204 });
    expect(await call(KEYCLOAK_SECRET)).toMatchObject({ statusCode: 401 });
  });

  test('that cannot be read are our fault: the call is requested again, and the secrets are read again at once', async () => {
    const { configure, post, secrets, logged } = await aHookWorld();
    await configure('keycloak');
    const get = secrets.get.bind(secrets);
    secrets.get = () => {
      throw new Error('down');
    };

    expect(await post('keycloak', SIGNED)).toMatchObject({ statusCode: 503 });
    expect(logged.at(-1)).toEqual([
      'hook-undecided',
      expect.objectContaining({ why: 'SecretUnavailable', status: 503 }),
    ]);
    secrets.get = get;
    expect(await post('keycloak', SIGNED)).toMatchObject({ statusCode: 204 });
  });

  test('that do not exist verify nothing, as without a hook, and the log says which', async () => {
    const { configure, post, secrets, logged, table } = await aHookWorld();
    await configure('keycloak');
    secrets.clear();
    const before = besideHealth(table);

    const answer = await post('keycloak', SIGNED);

    expect(answer).toEqual(await post('keycloak', { ...SIGNED, tenant: 'nobody' }));
    expect(answer.statusCode).toBe(401);
    expect(logged[0]).toEqual(['hook-refused', expect.objectContaining({ missingSecrets: 'secret', tenant: 'acme' })]);
    expect(besideHealth(table)).toEqual(before);
  });

  test('of which one does not exist still verify with the other', async () => {
    const { configure, post, secrets } = await aHookWorld();
    await configure('auth0');
    secrets.delete('acme/auth0-secret-0');
    const body = fixture('auth0/log-stream-login.json');

    expect(await post('auth0', { headers: { authorization: 'auth0-stream-token' }, body })).toMatchObject({
      statusCode: 204,
    });
  });
});
