import { expect, test } from 'vitest';
import { claimsOfCall } from '../../../shared/sign-in/providers/claims-of-call.ts';
import { headersOf } from '../../../shared/sign-in/providers/hook-request.ts';
import type { Provider } from '../../../shared/sign-in/providers/providers.ts';

const said = (provider: Provider, body: unknown) =>
  claimsOfCall(provider, {
    delivery: 'http',
    method: 'POST',
    path: '',
    headers: headersOf({}),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test.each([
  [
    'cognito',
    (claims: object, name: object) => ({ request: { userAttributes: { ...claims, ...name } } }),
    'custom:esm_',
  ],
  ['okta', (claims: object, name: object) => ({ data: { identity: { claims: { ...claims, ...name } } } }), 'esm_'],
  ['auth0', (claims: object, name: object) => ({ user: { app_metadata: claims, ...name } }), 'esm_'],
  ['standard-webhooks', (claims: object, name: object) => ({ data: { claims: { ...claims, ...name } } }), ''],
] as const)('%s says folder, access, level and name of the card', (provider, callOf, prefix) => {
  const claims = { [`${prefix}folder`]: 'fin', [`${prefix}access`]: 'read', [`${prefix}level`]: 'root' };

  expect(said(provider, callOf(claims, { name: 'Ada' }))).toEqual({
    folder: 'fin',
    access: 'read',
    level: 'root',
    name: 'Ada',
  });
  expect(said(provider, callOf({ [`${prefix}folder`]: 7, [`${prefix}access`]: 'all' }, {}))).toEqual({});
});

test('an empty folder is the root, and a name of spaces is ignored', () => {
  expect(said('standard-webhooks', { data: { claims: { folder: '', name: ' ' } } })).toEqual({ folder: '' });
  expect(said('cognito', { request: { userAttributes: { 'custom:esm_folder': '', name: '' } } })).toEqual({
    folder: '',
  });
});

test('only the display name counts for Entra', () => {
  const user = { id: '1', displayName: 'Ada', esm_folder: 'fin', userPrincipalName: 'ada@example.com' };

  expect(said('entra', { data: { authenticationContext: { user } } })).toEqual({ name: 'Ada' });
});

test('values that the user may write do not count: Cognito’s client metadata, Auth0’s user metadata', () => {
  const claims = { esm_folder: 'fin', 'custom:esm_folder': 'fin' };

  expect(said('cognito', { request: { userAttributes: {}, clientMetadata: claims } })).toEqual({});
  expect(said('auth0', { user: { user_metadata: claims } })).toEqual({});
});

test.each(['', '[]', '{"data":null}', '{"data":[{"claims":{"folder":"fin"}}]}'])('%j counts for nothing', (body) => {
  expect(said('standard-webhooks', body)).toEqual({});
});

test('a folder or name with half a surrogate pair does not count, because no item can store it', () => {
  const body = '{"data":{"claims":{"folder":"\\ud800","name":"Ada \\udc00","access":"read"}}}';

  expect(said('standard-webhooks', body)).toEqual({ access: 'read' });
});
