import { describe, expect, test } from 'vitest';
import { aHookWorld } from '../../fakes/hook-world.ts';
import { aLicense } from '../../fakes/world.ts';
import { fixture, keycloakSignature, settingsOf } from '../../sign-in/providers/samples.ts';

const LICENSE = aLicense();
const REALM = '5e6d0c2b-8f1a-4d37-9b22-6c4e0a1f7d58';

async function aRealm(settings: object = {}) {
  const world = await aHookWorld({ licenses: [LICENSE] });
  await world.configure('keycloak', { ...settingsOf('keycloak'), ...settings });
  return {
    ...world,
    tell: async (event: object) => {
      const body = JSON.stringify({ realmId: REALM, time: Date.parse(world.clock.now()), ...event });
      return world.post('keycloak', { headers: { 'x-keycloak-signature': keycloakSignature(body) }, body });
    },
  };
}

const login = (clientId: string, user = 'ada') => ({
  type: 'LOGIN',
  clientId,
  userId: user,
  sessionId: `s-${user}`,
  details: { username: `${user}.lovelace` },
});

describe('sign-ins to other applications', () => {
  test('take no license and create no card, but their logouts end sessions', async () => {
    const { tell, license, card, clock } = await aRealm({ clientIds: ['esm'] });

    expect(await tell(login('intranet'))).toMatchObject({ statusCode: 204 });
    expect(await card('ada')).toBeUndefined();
    await tell(login('esm'));
    expect((await license(LICENSE.serialNumber)).currentUser).toBe('ada');
    clock.move(60_000);
    await tell({ ...login('intranet'), type: 'LOGOUT' });

    expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
  });

  test('of service accounts take no license, also without a named application', async () => {
    const { tell, card } = await aRealm();

    const machine = { ...login('job'), type: 'REFRESH_TOKEN', details: { username: 'service-account-job' } };
    expect(await tell(machine)).toMatchObject({ statusCode: 204 });

    expect(await card('ada')).toBeUndefined();
  });
});

test('a card is named as the provider names its user, in batches too', async () => {
  const { tell, card, post, configure } = await aRealm();
  await tell(login('esm'));
  await configure('okta');
  const hook = JSON.parse(fixture('okta/event-hook-batch-mixed.json'));
  const [event] = hook.data.events;
  const events = ['bob', 'cyd'].map((user) => ({
    ...event,
    uuid: `u-${user}`,
    eventType: 'user.session.start',
    outcome: { result: 'SUCCESS' },
    published: '2026-03-02T16:00:00.000Z',
    actor: { id: user, type: 'User', displayName: `${user} of Okta` },
  }));

  const body = JSON.stringify({ ...hook, data: { events } });
  await post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body });

  expect((await card('ada'))?.name).toBe('ada.lovelace');
  expect((await card('bob'))?.name).toBe('bob of Okta');
  expect((await card('cyd'))?.name).toBe('cyd of Okta');
});

test('a card gets its name from the profile when Okta’s token has none', async () => {
  const { card, post, configure } = await aRealm();
  await configure('okta');
  const hook = JSON.parse(fixture('okta/token-inline-hook-request.json'));
  hook.data.identity.claims.name = ' ';
  const { id, profile } = hook.data.context.user;
  const tell = async (user: string, given: unknown) => {
    hook.eventId = user;
    hook.data.context.user = { id: user, profile: given };
    await post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body: JSON.stringify(hook) });
    return (await card(user))?.name;
  };

  expect(await tell(id, profile)).toBe('Aino Virtanen');
  expect(await tell('bob', { firstName: 'Bob', lastName: null })).toBe('Bob');
  expect(await tell('cyd', { firstName: ' ', lastName: 7 })).toBeUndefined();
});

test('a refresh of Okta takes no license after the logout, also if its login was never reported', async () => {
  const { license, post, configure, clock } = await aRealm();
  await configure('okta');
  const tell = (body: unknown) =>
    post('okta', { headers: { authorization: 'okta-hook-shared-secret' }, body: JSON.stringify(body) });
  const refresh = JSON.parse(fixture('okta/token-inline-hook-request-refresh.json'));
  const hook = JSON.parse(fixture('okta/event-hook-session-start.json'));
  const [event] = hook.data.events;
  const happens = (eventType: string) => {
    const now = { uuid: eventType, eventType, published: clock.now() };
    return tell({ ...hook, data: { events: [{ ...event, ...now, actor: { id: 'ada', type: 'User' } }] } });
  };
  await happens('user.session.start');
  expect((await license(LICENSE.serialNumber)).currentUser).toBe('ada');
  clock.move(60_000);
  await happens('user.session.end');
  clock.move(60_000);

  refresh.data.context.user = { id: 'ada' };
  const answer = await tell({ ...refresh, eventTime: clock.now() });

  expect(answer.body).toContain('session-ended');
  expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
});

describe('a user whom the provider has removed', () => {
  const deleted = { operationType: 'DELETE', resourceType: 'USER', resourcePath: 'users/ada' };
  const disabled = { ...deleted, operationType: 'UPDATE', representation: '{"enabled":false}' };

  test.each([
    ['deleted', deleted],
    ['disabled', disabled],
    ['deleted by themselves', { type: 'DELETE_ACCOUNT', userId: 'ada' }],
  ])('has no session left: %s', async (_, event) => {
    const { tell, license, card, clock } = await aRealm({ clientIds: ['esm'] });
    await tell(login('esm'));
    clock.move(60_000);

    expect(await tell(event)).toMatchObject({ statusCode: 204 });

    expect((await card('ada'))?.sessions).toEqual({});
    expect((await license(LICENSE.serialNumber)).currentUser).toBeUndefined();
  });
});
