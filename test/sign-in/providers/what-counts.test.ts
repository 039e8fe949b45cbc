import { importJWK, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { DELIVERIES, headersOf, hookSettings } from '../../../shared/sign-in/providers/hook-request.ts';
import { cachedKeySets } from '../../../shared/sign-in/providers/key-sets.ts';
import { PROVIDERS } from '../../../shared/sign-in/providers/providers.ts';
import { delivers, readHook } from '../../../shared/sign-in/providers/read-hook.ts';
import { explain } from './explain.ts';
import {
  bearerQuestion,
  fixture,
  keycloakSignature,
  NOW,
  type Question,
  questionOf,
  samples,
  settingsOf,
  signedHeaders,
} from './samples.ts';

/*
 * For each provider, each of its deliveries and each kind of event: whether it counts, and as what (R48). A row is a
 * sample with changes. Where the column of the hook's `clientIds` is empty the hook names no application.
 */

type Changes = Readonly<Record<string, unknown>>;
type Settings = Readonly<Record<string, unknown>>;

/** Sends a body so that it proves itself. */
type Send = (body: unknown, settings: Settings) => Question | Promise<Question>;

const json = (file: string) => JSON.parse(fixture(file));

function sent(provider: string, body: unknown, settings: Settings, headers: (body: string) => Record<string, string>) {
  const text = JSON.stringify(body);
  const all = { ...settingsOf(provider), ...settings };
  return { provider, delivery: 'http', now: NOW, headers: headers(text), body: text, settings: all };
}

const KEY = importJWK(json('keys/private.TEST-ONLY.jwk.json'), 'RS256');
const token = async (claims: object, typ: string) =>
  new SignJWT({ iat: Date.parse(NOW) / 1_000 - 10, jti: 'one', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'test-key-1', typ })
    .sign(await KEY);

const invoked =
  (delivery: string, provider: string): Send =>
  (body, settings) => ({ ...sent(provider, body, settings, () => ({})), delivery });

const SENDERS = {
  'cognito by lambda-invoke': invoked('lambda-invoke', 'cognito'),
  'cognito by eventbridge': invoked('eventbridge', 'cognito'),
  'auth0 by eventbridge': invoked('eventbridge', 'auth0'),
  'auth0 by http': (body, settings) => sent('auth0', body, settings, () => ({ authorization: 'auth0-stream-token' })),
  'auth0 by action': (body, settings) => ({
    ...sent('auth0', body, settings, (text) => signedHeaders('msg_1', NOW, text)),
    delivery: 'action',
  }),
  'okta by http': (body, settings) =>
    sent('okta', body, settings, () => ({ authorization: 'okta-hook-shared-secret' })),
  'entra by http': (body, settings) => ({
    ...bearerQuestion('entra/bearer-v2.jwt'),
    body: JSON.stringify(body),
    settings: { ...settingsOf('entra'), ...settings },
  }),
  'keycloak by http': (body, settings) =>
    sent('keycloak', body, settings, (text) => ({ 'x-keycloak-signature': keycloakSignature(text) })),
  'oidc-backchannel by http': async (claims, settings) => ({
    ...sent('oidc-backchannel', {}, settings, () => ({})),
    body: new URLSearchParams({ logout_token: await token(claims as object, 'logout+jwt') }).toString(),
  }),
  'ssf by http': async (claims, settings) => ({
    ...sent('ssf', {}, settings, () => ({ authorization: 'Bearer ssf-stream-token' })),
    body: await token(claims as object, 'secevent+jwt'),
  }),
  'standard-webhooks by http': (body, settings) =>
    sent('standard-webhooks', body, settings, (text) => signedHeaders('msg_1', NOW, text)),
} satisfies Record<string, Send>;

const ANOTHER = 'the sign-in was to another application: its client is not in clientIds';
const NO_CLIENT = 'the sign-in names no client, and this hook counts only those of clientIds';
const MACHINE = 'a service account or a machine: no person has signed in';
const SESSION_START =
  'user.session.start names no application: with clientIds the single sign-on to one of them is the login';

// ——— bodies ———

const trigger = (changes: Changes = {}) => ({
  ...json('cognito/pre-token-generation-v1-authentication.json'),
  ...changes,
});
const cloudTrail = (eventName: string, more: Changes = {}) => {
  const record = json('cognito/eventbridge-cloudtrail-global-sign-out.json');
  return { ...record, detail: { ...record.detail, eventName, ...more } };
};
const byAdministrator = { requestParameters: { userPoolId: 'eu-north-1_Lp4QzT7aB', username: 'HIDDEN' } };

const [log] = json('auth0/log-stream-login.json');
const record = (type: string, more: Changes = {}) => ({ ...log, data: { ...log.data, type, ...more } });
const onTheBus = (detail: unknown, more: Changes = {}) => ({
  ...json('auth0/eventbridge-login.json'),
  detail,
  ...more,
});
const action = (changes: Changes = {}) => ({ ...json('auth0/post-login-action-event.json'), ...changes });
const REFRESHED = { session: undefined, transaction: { protocol: 'oauth2-refresh-token' } };
const [OURS, THEIRS] = ['aI61p8I8aFjmYRliLWgvM9ev97kCCNDB', 'THEIR-APP'];

const SSO = json('okta/event-hook-sso-activity.json');
const ESM = SSO.data.events[0].target;
const okta = (eventType: string, more: Changes = {}) => ({
  ...SSO,
  data: { events: [{ ...SSO.data.events[0], eventType, ...more }] },
});
const to = (...ids: string[]) => ({ target: ids.map((id) => ({ id, type: 'AppInstance' })) });
const ofMikko = { target: [...ESM, { id: 'mikko', type: 'User', displayName: 'Mikko Laine' }] };
const tokenHook = (change: (context: Record<string, Record<string, unknown>>) => void = () => undefined) => {
  const body = json('okta/token-inline-hook-request.json');
  change(body.data.context);
  return body;
};
const grantOf = (type: string) => (context: Record<string, Record<string, unknown>>) => {
  Object.assign(context['protocol']?.['request'] as object, { grant_type: type });
};

const issuance = (change: (context: Record<string, unknown>) => void = () => undefined) => {
  const body = json('entra/token-issuance-start.json');
  change(body.data.authenticationContext);
  return body;
};
const ENTRA_APP = '5b0c7e1d-9a24-4f6b-b1c3-0d8e7f6a5b4c';
const principal = (name: string) => ({ id: `id-of-${name}`, appId: name });

const keycloak = (type: string, more: Changes = {}) => ({
  ...json('keycloak/webhook-access-login.json'),
  type,
  ...more,
});
const plain = (type: string, more: Changes = {}) => ({ ...json('keycloak/http-sender-login.json'), type, ...more });
const keycloakCaller = json('keycloak/webhook-access-login.json').authDetails;
const aino = 'f7cd3491-7c6c-480c-bc5c-b2b3b0fb048c';
const admin = (operation: string, more: Changes = {}) => ({
  ...json('keycloak/webhook-admin-user-create.json'),
  type: `admin.${operation}`,
  operationType: operation.split('-')[1],
  ...more,
});
const plainAdmin = (operationType: string, more: Changes = {}) => ({
  realmId: '5e6d0c2b-8f1a-4d37-9b22-6c4e0a1f7d58',
  time: 1_772_439_000_000,
  authDetails: { userId: 'admin' },
  operationType,
  resourceType: 'USER',
  resourcePath: `users/${aino}`,
  ...more,
});
const DISABLED = { representation: '{"username":"aino.virtanen","enabled":false}' };

const ISSUER = 'https://idp.example.com/123456789/';
const ofAino = { format: 'iss_sub', iss: ISSUER, sub: 'aino' };
const CAEP = 'https://schemas.openid.net/secevent/caep/event-type';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type';
const signal = (type: string, event: object = {}, more: Changes = {}) => ({
  iss: ISSUER,
  aud: 'https://sp.example.com/caep',
  sub_id: ofAino,
  events: { [type]: event },
  ...more,
});
const logout = (more: Changes = {}) => ({
  iss: ISSUER,
  aud: 'esm-web',
  sub: 'aino',
  sid: 's-1',
  ...more,
  events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
});

const own = (type: string, more: Changes = {}) => ({
  type: `session.${type}`,
  timestamp: NOW,
  data: { tenant: 'acme', user: 'aino', session: 's-1', ...more },
});

// ——— what counts ———

type Row = readonly [
  sender: keyof typeof SENDERS,
  what: string,
  body: unknown,
  clientIds: readonly string[],
  counts: Changes,
];

const LOGIN = { kind: 'login' };
const ACTIVITY = { kind: 'activity' };
const LOGOUT = { kind: 'logout' };
const OF_USER = { kind: 'logout', session: null };
const LEFT = { kind: 'logout', session: null, left: true };

const COUNTS: readonly Row[] = [
  ['cognito by lambda-invoke', 'a login', trigger(), [], LOGIN],
  ['cognito by lambda-invoke', 'to a named client', trigger(), ['x', '3n8kq1v5t7c2x9m4p6r0s8d1fg'], LOGIN],
  ['cognito by lambda-invoke', 'a refresh', trigger({ triggerSource: 'TokenGeneration_RefreshTokens' }), [], ACTIVITY],
  ['cognito by eventbridge', 'a sign-out', cloudTrail('GlobalSignOut'), [], OF_USER],
  ['cognito by eventbridge', 'a sign-out beside clientIds', cloudTrail('GlobalSignOut'), ['x'], OF_USER],
  ['cognito by eventbridge', 'a user disabled', cloudTrail('AdminDisableUser', byAdministrator), ['x'], LEFT],
  ['cognito by eventbridge', 'a user deleted', cloudTrail('AdminDeleteUser', byAdministrator), [], LEFT],
  ['cognito by eventbridge', 'a user who deletes themselves', cloudTrail('DeleteUser'), [], LEFT],

  ['auth0 by http', 'a login', [record('s')], [], LOGIN],
  ['auth0 by http', 'a login to a named client', [record('s')], [OURS], LOGIN],
  ['auth0 by http', 'a refresh for a named client', [record('sertft')], [OURS], ACTIVITY],
  ['auth0 by http', 'a logout of another client', [record('slo')], [THEIRS], LOGOUT],
  ['auth0 by http', 'a logout of no client', [record('slo', { client_id: '' })], [OURS], LOGOUT],
  ['auth0 by http', 'a logout of no user', [record('slo', { user_id: '' })], [], { ...LOGOUT, user: null }],
  ['auth0 by http', 'a universal logout', [record('universal_logout_succeeded')], [THEIRS], OF_USER],
  ['auth0 by http', 'a user deleted', [record('sdu')], [THEIRS], LEFT],
  ['auth0 by eventbridge', 'a login', onTheBus(record('s')), [OURS], LOGIN],
  ['auth0 by eventbridge', 'a refresh', onTheBus(record('sertft')), [], ACTIVITY],
  ['auth0 by eventbridge', 'a logout', onTheBus(record('slo')), [THEIRS], LOGOUT],
  ['auth0 by eventbridge', 'a user deleted', onTheBus(record('sdu')), [], LEFT],
  ['auth0 by action', 'a login', action(), [], LOGIN],
  ['auth0 by action', 'a login to a named client', action(), [OURS], LOGIN],
  ['auth0 by action', 'a refresh', action({ transaction: { protocol: 'oauth2-refresh-token' } }), [OURS], ACTIVITY],
  [
    'auth0 by action',
    'a refresh, whose session its refresh token names',
    action({ ...REFRESHED, refresh_token: { session_id: 's-1' } }),
    [],
    { ...ACTIVITY, session: 's-1' },
  ],

  ['okta by http', 'a session', okta('user.session.start'), [], LOGIN],
  ['okta by http', 'a single sign-on', okta('user.authentication.sso'), [], ACTIVITY],
  ['okta by http', 'a single sign-on to a named one', okta('user.authentication.sso'), [ESM[0].id], LOGIN],
  ['okta by http', 'and to others as well', okta('user.authentication.sso', to('a', 'b')), ['b'], LOGIN],
  ['okta by http', 'an end beside clientIds', okta('user.session.end'), ['x'], LOGOUT],
  ['okta by http', 'sessions cleared', okta('user.session.clear', ofMikko), ['x'], { ...OF_USER, user: 'mikko' }],
  ['okta by http', 'a suspension', okta('user.lifecycle.suspend', ofMikko), ['x'], { ...LEFT, user: 'mikko' }],
  ['okta by http', 'a deactivation', okta('user.lifecycle.deactivate', ofMikko), [], { ...LEFT, user: 'mikko' }],
  ['okta by http', 'a deletion', okta('user.lifecycle.delete.initiated', ofMikko), [], { ...LEFT, user: 'mikko' }],
  ['okta by http', 'a deletion done', okta('user.lifecycle.delete.completed', ofMikko), [], LEFT],
  ['okta by http', 'a token', tokenHook(), [], { ...LOGIN, session: null }],
  ['okta by http', 'a token for a named client', tokenHook(), ['0oaz9fj21WKqTeaqs1d6'], LOGIN],
  ['okta by http', 'a refreshed token', tokenHook(grantOf('refresh_token')), ['0oaz9fj21WKqTeaqs1d6'], ACTIVITY],

  ['entra by http', 'a token', issuance(), [], { ...LOGIN, session: null }],
  ['entra by http', 'of a named client', issuance((c) => (c['resourceServicePrincipal'] = null)), [ENTRA_APP], LOGIN],
  ['entra by http', 'for a named resource', issuance((c) => (c['clientServicePrincipal'] = null)), [ENTRA_APP], LOGIN],
  [
    'entra by http',
    "named by its principal's id",
    issuance((c) => (c['resourceServicePrincipal'] = principal('api'))),
    ['id-of-api'],
    LOGIN,
  ],

  ['keycloak by http', 'a login', keycloak('access.LOGIN'), [], LOGIN],
  ['keycloak by http', 'a login to a named client', keycloak('access.LOGIN'), ['esm-web'], LOGIN],
  ['keycloak by http', 'a refresh', keycloak('access.REFRESH_TOKEN'), ['esm-web'], ACTIVITY],
  ['keycloak by http', 'an exchanged code', keycloak('access.CODE_TO_TOKEN'), [], ACTIVITY],
  ['keycloak by http', 'a logout of another client', keycloak('access.LOGOUT'), ['THEIR-APP'], LOGOUT],
  ['keycloak by http', 'an expired session', keycloak('access.USER_SESSION_DELETED'), ['THEIR-APP'], LOGOUT],
  [
    'keycloak by http',
    'a logout of a service account',
    plain('LOGOUT', { details: { username: 'service-account-x' } }),
    [],
    LOGOUT,
  ],
  ['keycloak by http', 'the plain listener’s login', plain('LOGIN'), ['esm-web'], LOGIN],
  ['keycloak by http', 'an account deleted', keycloak('access.DELETE_ACCOUNT'), ['THEIR-APP'], { ...LEFT, user: aino }],
  ['keycloak by http', 'the same, plain', plain('DELETE_ACCOUNT'), [], LEFT],
  ['keycloak by http', 'a user deleted', admin('USER-DELETE'), ['THEIR-APP'], { ...LEFT, user: aino }],
  ['keycloak by http', 'a user disabled', admin('USER-UPDATE', DISABLED), [], { ...LEFT, user: aino }],
  ['keycloak by http', 'a user deleted, plain', plainAdmin('DELETE'), ['THEIR-APP'], { ...LEFT, user: aino }],
  ['keycloak by http', 'a user disabled, plain', plainAdmin('UPDATE', DISABLED), [], { ...LEFT, user: aino }],

  ['oidc-backchannel by http', 'a session', logout(), [], { ...LOGOUT, session: 's-1' }],
  ['oidc-backchannel by http', 'a user', logout({ sid: undefined }), [], OF_USER],
  ['oidc-backchannel by http', 'a session alone', logout({ sub: undefined }), [], { ...LOGOUT, user: null }],

  ['ssf by http', 'a session established', signal(`${CAEP}/session-established`), [], LOGIN],
  ['ssf by http', 'a session presented', signal(`${CAEP}/session-presented`), [], ACTIVITY],
  ['ssf by http', 'a session revoked', signal(`${CAEP}/session-revoked`, { ext_id: 's-1' }), [], LOGOUT],
  ['ssf by http', 'all sessions revoked', signal(`${RISC}/sessions-revoked`, { ext_id: 's-1' }), [], OF_USER],
  ['ssf by http', 'an account disabled', signal(`${RISC}/account-disabled`, { reason: 'bulk-account' }), [], LEFT],
  ['ssf by http', 'an account purged', signal(`${RISC}/account-purged`), [], LEFT],
  [
    'ssf by http',
    'a complex subject in the event, whose format is not named',
    signal(`${CAEP}/session-revoked`, { subject: { user: ofAino, device: {} } }, { sub_id: undefined }),
    [],
    { ...OF_USER, user: 'aino' },
  ],
  [
    'ssf by http',
    'the subject in the event, as older transmitters have it',
    signal(
      `${RISC}/account-disabled`,
      { subject: { subject_type: 'iss-sub', iss: ISSUER, sub: 'mikko' } },
      { sub_id: undefined },
    ),
    [],
    { ...LEFT, user: 'mikko' },
  ],
  [
    'ssf by http',
    'the subject as `sub`',
    signal(`${RISC}/account-purged`, {}, { sub_id: undefined, sub: 'x' }),
    [],
    { ...LEFT, user: 'x' },
  ],
  [
    'ssf by http',
    'an opaque account',
    signal(`${RISC}/account-purged`, {}, { sub_id: { format: 'opaque', id: 'x' } }),
    [],
    { ...LEFT, user: 'x' },
  ],

  ['standard-webhooks by http', 'a login', own('login'), [], LOGIN],
  ['standard-webhooks by http', 'a login to a named client', own('login', { clientId: 'esm' }), ['esm'], LOGIN],
  ['standard-webhooks by http', 'activity', own('activity', { clientId: 'esm' }), ['esm'], ACTIVITY],
  ['standard-webhooks by http', 'a logout of no client', own('logout'), ['esm'], LOGOUT],
];

describe('counts', () => {
  test.each(COUNTS)('%s: %s', async (sender, _, body, clientIds, counted) => {
    const answer = await explain(await SENDERS[sender](body, clientIds.length === 0 ? {} : { clientIds }));

    expect(answer).toMatchObject({ outcome: 'events', events: [counted] });
    expect('left' in (answer.events[0] ?? {})).toBe('left' in counted);
  });
});

// ——— what compromises an account ends its sessions, and nobody has left ———

describe('a victim has not left', () => {
  test.each<[string, unknown]>([
    ['a hijacked account', signal(`${RISC}/account-disabled`, { reason: 'hijacking' })],
    ['a compromised credential', signal(`${RISC}/credential-compromise`, { credential_type: 'password' })],
    ['a credential to be changed', signal(`${RISC}/account-credential-change-required`)],
  ])('%s ends the sessions of the user, and nothing else', async (_, claims) => {
    const { events } = await explain(await SENDERS['ssf by http'](claims, {}));

    expect(events).toMatchObject([{ kind: 'logout', user: 'aino', session: null }]);
    expect(events[0]).not.toHaveProperty('left');
  });
});

// ——— what does not ———

type Ignored = readonly [keyof typeof SENDERS, what: string, body: unknown, clientIds: readonly string[], why: unknown];

const TEXT = expect.any(String);

const IGNORED: readonly Ignored[] = [
  ['cognito by lambda-invoke', 'another client', trigger(), ['THEIR-APP'], ANOTHER],
  ['cognito by lambda-invoke', 'no client', trigger({ callerContext: {} }), ['THEIR-APP'], NO_CLIENT],
  [
    'cognito by lambda-invoke',
    'a machine',
    trigger({ triggerSource: 'TokenGeneration_ClientCredentials' }),
    [],
    MACHINE,
  ],
  [
    'cognito by eventbridge',
    'an operation that failed',
    cloudTrail('AdminDeleteUser', { errorCode: 'AccessDenied' }),
    [],
    TEXT,
  ],
  ['cognito by eventbridge', 'a user enabled', cloudTrail('AdminEnableUser'), [], TEXT],
  [
    'cognito by eventbridge',
    'a user whom it does not name',
    cloudTrail('AdminDisableUser', { ...byAdministrator, additionalEventData: {} }),
    [],
    TEXT,
  ],

  ['auth0 by http', 'another client', [record('s')], [THEIRS], ANOTHER],
  ['auth0 by http', 'a refresh for another client', [record('sertft')], [THEIRS], ANOTHER],
  ['auth0 by http', 'no client', [record('s', { client_id: undefined })], [OURS], NO_CLIENT],
  ['auth0 by http', 'a machine', [record('seacft', { user_id: '' })], [], MACHINE],
  ['auth0 by http', 'a client as the user', [record('s', { user_id: `${OURS}@clients` })], [OURS], MACHINE],
  ['auth0 by http', 'client credentials', [record('seccft', { user_id: '' })], [], MACHINE],
  ['auth0 by http', 'a user updated', [record('sapi')], [], TEXT],
  ['auth0 by http', 'a deletion that failed', [record('fdu')], [], TEXT],
  ['auth0 by http', 'a leaked password', [record('pwd_leak')], [], TEXT],
  ['auth0 by http', 'a lockout', [record('limit_wc')], [], TEXT],
  ['auth0 by eventbridge', 'another client', onTheBus(record('s')), [THEIRS], ANOTHER],
  ['auth0 by eventbridge', 'no client', onTheBus(record('s', { client_id: '' })), [OURS], NO_CLIENT],
  ['auth0 by eventbridge', 'a machine', onTheBus(record('s', { user_id: '' })), [], MACHINE],
  ['auth0 by action', 'another client', action(), [THEIRS], ANOTHER],
  ['auth0 by action', 'no client', action({ client: undefined }), [OURS], NO_CLIENT],
  ['auth0 by action', 'a machine', action({ user: undefined }), [], MACHINE],

  ['okta by http', 'a session where applications are named', okta('user.session.start'), [ESM[0].id], SESSION_START],
  ['okta by http', 'another application', okta('user.authentication.sso', to('0oaSALES')), [ESM[0].id], ANOTHER],
  ['okta by http', 'no application', okta('user.authentication.sso', { target: null }), [ESM[0].id], NO_CLIENT],
  [
    'okta by http',
    'what has the id of the application and is none',
    okta('user.authentication.sso', { target: [{ id: ESM[0].id, type: 'AppUser' }] }),
    [ESM[0].id],
    NO_CLIENT,
  ],
  [
    'okta by http',
    'an application that acts',
    okta('user.session.start', { actor: { id: 'a', type: 'PublicClientApp' } }),
    [],
    MACHINE,
  ],
  ['okta by http', 'a lockout', okta('user.account.lock', ofMikko), [], TEXT],
  ['okta by http', 'a user back at work', okta('user.lifecycle.unsuspend', ofMikko), [], TEXT],
  [
    'okta by http',
    'a suspension that failed',
    okta('user.lifecycle.suspend', { ...ofMikko, outcome: { result: 'FAILURE' } }),
    [],
    TEXT,
  ],
  ['okta by http', 'a machine’s token', tokenHook((context) => delete context['user']), [], MACHINE],
  ['okta by http', 'client credentials', tokenHook(grantOf('client_credentials')), [], MACHINE],
  ['okta by http', 'a token for another client', tokenHook(), ['THEIR-APP'], ANOTHER],
  [
    'okta by http',
    'a token for no client',
    tokenHook((context) => delete context['protocol']),
    ['THEIR-APP'],
    NO_CLIENT,
  ],

  ['entra by http', 'another application', issuance(), ['THEIR-APP'], ANOTHER],
  [
    'entra by http',
    'no application',
    issuance((c) => Object.assign(c, { clientServicePrincipal: null, resourceServicePrincipal: null })),
    [ENTRA_APP],
    NO_CLIENT,
  ],
  ['entra by http', 'a service principal', issuance((c) => (c['user'] = c['clientServicePrincipal'])), [], MACHINE],

  ['keycloak by http', 'another client', keycloak('access.LOGIN'), ['THEIR-APP'], ANOTHER],
  ['keycloak by http', 'a refresh for another client', keycloak('access.REFRESH_TOKEN'), ['THEIR-APP'], ANOTHER],
  ['keycloak by http', 'no client', plain('LOGIN', { clientId: undefined }), ['esm-web'], NO_CLIENT],
  ['keycloak by http', 'a client’s login', keycloak('access.CLIENT_LOGIN'), [], MACHINE],
  [
    'keycloak by http',
    'a service account',
    keycloak('access.REFRESH_TOKEN', { authDetails: { ...keycloakCaller, username: 'service-account-job' } }),
    ['esm-web'],
    MACHINE,
  ],
  [
    'keycloak by http',
    'a service account, plain',
    plain('REFRESH_TOKEN', { details: { username: 'service-account-job' } }),
    [],
    MACHINE,
  ],
  [
    'keycloak by http',
    'client credentials',
    plain('LOGIN', { details: { grant_type: 'client_credentials' } }),
    [],
    MACHINE,
  ],
  ['keycloak by http', 'a lockout', keycloak('access.USER_DISABLED_BY_PERMANENT_LOCKOUT'), [], TEXT],
  ['keycloak by http', 'a lockout for a while', plain('USER_DISABLED_BY_TEMPORARY_LOCKOUT'), [], TEXT],
  ['keycloak by http', 'a deletion that failed', keycloak('access.DELETE_ACCOUNT_ERROR'), [], TEXT],
  ['keycloak by http', 'an administrator’s that failed', admin('USER-DELETE', { error: 'not allowed' }), [], TEXT],
  ['keycloak by http', 'a user made', admin('USER-CREATE', DISABLED), [], TEXT],
  ['keycloak by http', 'a user changed', admin('USER-UPDATE'), [], TEXT],
  ['keycloak by http', 'a user changed, nobody says how', plainAdmin('UPDATE'), [], TEXT],
  [
    'keycloak by http',
    'something of a user deleted',
    admin('USER-DELETE', { resourcePath: `users/${aino}/credentials/1` }),
    [],
    TEXT,
  ],
  [
    'keycloak by http',
    'a user of something else deleted',
    admin('USER-DELETE', { resourcePath: `groups/1/users/${aino}` }),
    [],
    TEXT,
  ],
  [
    'keycloak by http',
    'a group deleted',
    plainAdmin('DELETE', { resourceType: 'GROUP', resourcePath: 'groups/1' }),
    [],
    TEXT,
  ],

  ['ssf by http', 'an account enabled', signal(`${RISC}/account-enabled`), [], TEXT],
  ['ssf by http', 'a changed claim', signal(`${CAEP}/token-claims-change`), [], TEXT],

  ['standard-webhooks by http', 'another client', own('login', { clientId: 'their-app' }), ['esm'], ANOTHER],
  ['standard-webhooks by http', 'no client', own('login'), ['esm'], NO_CLIENT],
  ['standard-webhooks by http', 'activity of no client', own('activity'), ['esm'], NO_CLIENT],
];

describe('does not count, and is acknowledged', () => {
  test.each(IGNORED)('%s: %s', async (sender, _, body, clientIds, why) => {
    const answer = await explain(await SENDERS[sender](body, clientIds.length === 0 ? {} : { clientIds }));

    expect(answer).toMatchObject({ outcome: 'ignore', events: [], why });
    expect(answer.response.status).toBeLessThan(300);
    for (const client of clientIds) expect(answer.why).not.toContain(client);
  });
});

test('every supported provider and delivery has rows of both kinds', () => {
  const taken = PROVIDERS.flatMap((provider) =>
    DELIVERIES.filter((delivery) => delivers(provider, delivery)).map((delivery) => `${provider} by ${delivery}`),
  );
  const rowsOf = (rows: readonly (readonly [string, ...unknown[]])[]) => new Set(rows.map(([sender]) => sender));

  expect([...rowsOf(COUNTS)].toSorted()).toEqual(taken.toSorted());
  // A logout token tells of ends alone, and each of them counts.
  expect([...rowsOf(IGNORED), 'oidc-backchannel by http'].toSorted()).toEqual(taken.toSorted());
});

test.each([
  ['an e-mail address', { format: 'email', email: 'aino@acme.example' }],
  ['a user of another issuer', { ...ofAino, iss: 'https://other.example' }],
])('a signal of %s has no user, even with the id of a session', async (_, sub_id) => {
  const body = signal(`${CAEP}/session-revoked`, { ext_id: 's-1' }, { sub_id });

  expect(await explain(await SENDERS['ssf by http'](body, {}))).toMatchObject({ outcome: 'reject', events: [] });
});

// ——— what nothing proves ———

describe('a call whose delivery cannot verify it is refused before it is read', () => {
  const unproven = PROVIDERS.flatMap((provider) =>
    DELIVERIES.filter((delivery) => !delivers(provider, delivery)).map((delivery) => ({ provider, delivery })),
  );

  test('there are such calls', () => {
    expect(unproven).toContainEqual({ provider: 'cognito', delivery: 'http' });
    expect(unproven).toContainEqual({ provider: 'cognito', delivery: 'action' });
    expect(unproven).toContainEqual({ provider: 'okta', delivery: 'eventbridge' });
  });

  test.each(unproven)('$provider by $delivery', async ({ provider, delivery }) => {
    const rows = COUNTS.filter(([sender]) => sender.startsWith(`${provider} by `));
    for (const [sender, , body] of rows) {
      const question = await SENDERS[sender](body, {});
      const refuse = (): never => {
        throw new Error('it was read');
      };
      const request = {
        delivery,
        method: 'POST',
        path: '',
        headers: headersOf(question.headers ?? {}),
        get body() {
          return refuse();
        },
      };

      const answer = await readHook(provider, request, hookSettings.parse(question.settings), {
        now: NOW,
        keySets: () => refuse(),
      });

      expect(answer).toMatchObject({ outcome: 'unauthorized', events: [], response: { status: 401, body: '' } });
      expect((await explain({ ...question, delivery })).outcome).toBe('unauthorized');
    }
  });

  test.each<[keyof typeof SENDERS, unknown]>([
    ['cognito by eventbridge', { ...cloudTrail('GlobalSignOut'), source: 'mine' }],
    ['cognito by eventbridge', { ...cloudTrail('GlobalSignOut'), source: 'aws.cognito-idp.mine' }],
    ['cognito by eventbridge', { ...cloudTrail('GlobalSignOut'), 'detail-type': 'Mine' }],
    ['cognito by eventbridge', onTheBus(record('slo'))],
    ['auth0 by eventbridge', onTheBus(record('slo'), { source: 'auth0.com' })],
    ['auth0 by eventbridge', onTheBus(record('slo'), { source: 'x.aws.partner/auth0.com/acme' })],
    ['auth0 by eventbridge', onTheBus(record('slo'), { source: 'aws.partner/okta.com/acme' })],
    ['auth0 by eventbridge', onTheBus(record('slo'), { 'detail-type': 'Mine' })],
    ['auth0 by eventbridge', cloudTrail('GlobalSignOut')],
    ['auth0 by eventbridge', record('slo')],
  ])('%s: an event of another source or type', async (sender, body) => {
    expect(await explain(await SENDERS[sender](body, {}))).toMatchObject({ outcome: 'unauthorized', events: [] });
  });
});

test('each sample that counts is verified only by its own delivery', async () => {
  const keySets = cachedKeySets(() => Promise.reject(new Error('nothing is fetched here')));
  for (const sample of samples.filter(({ expect }) => expect.outcome === 'events')) {
    const { provider, delivery, headers, body, settings } = questionOf(sample);
    for (const other of DELIVERIES.filter((each) => each !== delivery)) {
      const request = { delivery: other, method: 'POST', path: '', headers: headersOf(headers ?? {}), body };
      const answer = await readHook(provider as 'okta', request, hookSettings.parse(settings), { now: NOW, keySets });

      // An Action's call is an HTTP call as well, with the same proof.
      const isAction = [delivery, other].every((each) => each === 'http' || each === 'action') && provider === 'auth0';
      if (!(isAction && headers?.['webhook-signature']))
        expect([sample.file, other, answer.events]).toEqual([sample.file, other, []]);
    }
  }
});

// ——— who it was, and which event ———

/** As the service itself has them: with what `explain-hook` does not show. */
async function eventsOf(sender: keyof typeof SENDERS, body: unknown) {
  const { provider, delivery, headers = {}, body: text, settings } = await SENDERS[sender](body, {});
  const request = { delivery: delivery as 'http', method: 'POST', path: '', headers: headersOf(headers), body: text };
  const keySets = cachedKeySets(() => Promise.reject(new Error('nothing is fetched here')));
  return (await readHook(provider as 'okta', request, hookSettings.parse(settings), { now: NOW, keySets })).events;
}

describe('a removed user was disabled, or has left', () => {
  test.each<[keyof typeof SENDERS, string, unknown, 'disabled' | 'left']>([
    ['cognito by eventbridge', 'disabled', cloudTrail('AdminDisableUser', byAdministrator), 'disabled'],
    ['cognito by eventbridge', 'deleted', cloudTrail('AdminDeleteUser', byAdministrator), 'left'],
    ['cognito by eventbridge', 'deleted by themselves', cloudTrail('DeleteUser'), 'left'],
    ['auth0 by http', 'deleted', [record('sdu')], 'left'],
    ['okta by http', 'suspended', okta('user.lifecycle.suspend', ofMikko), 'disabled'],
    ['okta by http', 'deactivated', okta('user.lifecycle.deactivate', ofMikko), 'left'],
    ['okta by http', 'deletion begun', okta('user.lifecycle.delete.initiated', ofMikko), 'left'],
    ['okta by http', 'deleted', okta('user.lifecycle.delete.completed', ofMikko), 'left'],
    ['keycloak by http', 'disabled', admin('USER-UPDATE', DISABLED), 'disabled'],
    ['keycloak by http', 'disabled, plain', plainAdmin('UPDATE', DISABLED), 'disabled'],
    ['keycloak by http', 'deleted', admin('USER-DELETE'), 'left'],
    ['keycloak by http', 'deleted by themselves', keycloak('access.DELETE_ACCOUNT'), 'left'],
    ['ssf by http', 'disabled', signal(`${RISC}/account-disabled`), 'disabled'],
    ['ssf by http', 'purged', signal(`${RISC}/account-purged`), 'left'],
  ])('%s: %s', async (sender, _, body, leaver) => {
    expect(await eventsOf(sender, body)).toMatchObject([{ kind: 'logout', session: null, leaver }]);
  });
});

describe('the name comes with each event', () => {
  const nameOf = async (sender: keyof typeof SENDERS, body: unknown) =>
    (await eventsOf(sender, body)).map(({ name }) => name);

  test.each<[keyof typeof SENDERS, unknown, readonly (string | undefined)[]]>([
    ['cognito by lambda-invoke', trigger({ request: { userAttributes: { sub: 's', name: 'Aino' } } }), ['Aino']],
    [
      'auth0 by http',
      [record('s'), { ...record('s', { user_name: 'Mikko' }), log_id: '2' }],
      ['Mikko', 'aino.virtanen@acme.example'],
    ],
    ['auth0 by action', action({ user: { user_id: 'a', name: 'Aino' } }), ['Aino']],
    ['okta by http', okta('user.session.start'), ['Aino Virtanen']],
    ['okta by http', okta('user.lifecycle.suspend', ofMikko), ['Mikko Laine']],
    ['okta by http', tokenHook(), ['Aino Virtanen']],
    ['entra by http', issuance(), ['Aino Virtanen']],
    ['keycloak by http', keycloak('access.LOGIN'), ['aino.virtanen']],
    ['keycloak by http', plain('LOGIN'), ['mikko.laine']],
    ['keycloak by http', admin('USER-DELETE'), [undefined]],
    ['keycloak by http', plain('LOGIN', { details: { username: 7 } }), [undefined]],
    ['keycloak by http', plain('LOGIN', { details: { username: '' } }), [undefined]],
    ['standard-webhooks by http', own('login', { claims: { name: 'Aino' } }), ['Aino']],
    ['standard-webhooks by http', own('login', { claims: 'Aino' }), [undefined]],
    ['ssf by http', signal(`${CAEP}/session-established`), [undefined]],
  ])('%s: %#', async (sender, body, names) => {
    expect(await nameOf(sender, body)).toEqual(names);
  });

  test('and is never shown', async () => {
    const { events } = await explain(await SENDERS['okta by http'](okta('user.session.start'), {}));

    expect(Object.keys(events[0] ?? {})).toEqual(['tenant', 'user', 'session', 'kind', 'at', 'id']);
  });
});

describe('ids', () => {
  const idOf = async (sender: keyof typeof SENDERS, body: unknown, now = NOW) => {
    const { events } = await explain({ ...(await SENDERS[sender](body, {})), now });
    return events.map(({ id }) => id).join();
  };

  test('of Entra consist of the user, the kind and the minute of receipt, whatever the client sends', async () => {
    const one = await idOf('entra by http', issuance());
    const resent = issuance((context) => Object.assign(context, { correlationId: 'chosen' }));
    const another = issuance((context) => Object.assign(context, { user: { id: 'mikko' } }));

    expect(await idOf('entra by http', resent)).toBe(one);
    expect(await idOf('entra by http', issuance(), '2026-03-02T16:04:00.000Z')).not.toBe(one);
    expect(await idOf('entra by http', another)).not.toBe(one);
  });

  test('of the plain listener of Keycloak are derived from the event and its time', async () => {
    const one = await idOf('keycloak by http', plain('LOGIN'));

    expect(await idOf('keycloak by http', plain('LOGIN', { ipAddress: '192.0.2.9' }))).toBe(one);
    for (const other of [{ time: 1_772_439_537_719 }, { userId: 'x' }, { sessionId: 'x' }, { type: 'LOGOUT' }]) {
      expect(await idOf('keycloak by http', { ...plain('LOGIN'), ...other })).not.toBe(one);
    }
    const deleted = await idOf('keycloak by http', plainAdmin('DELETE'));
    expect(await idOf('keycloak by http', plainAdmin('DELETE', { time: 1_772_439_000_001 }))).not.toBe(deleted);
  });

  test('of several signals of one token differ', async () => {
    const events = { [`${CAEP}/session-revoked`]: {}, [`${RISC}/account-disabled`]: {} };
    const ids = await idOf('ssf by http', { ...signal(''), events });

    expect(ids.split(',').toSorted()).toEqual(['one.account-disabled', 'one.logout']);
  });
});
