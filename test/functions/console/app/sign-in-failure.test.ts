import * as oauth from 'oauth4webapi';
import { describe, expect, test } from 'vitest';
import { failureOf, isRefused, readDescription } from '../../../../functions/console/app/sign-in/sign-in-failure.ts';

const issuer = new URL('https://idp.example.com/realm');
const described = {
  issuer: issuer.href,
  authorization_endpoint: 'https://idp.example.com/authorize',
  token_endpoint: 'https://idp.example.com/token',
};
const failure = (step: Promise<unknown>) => step.then(() => undefined, failureOf);
const read = (body: object, status = 200, origins = [issuer.origin]) =>
  failure(readDescription(issuer, Response.json(body, { status }), origins));

describe('the description of a provider', () => {
  test('that gives its tokens at the issuer is taken', async () => {
    expect(await read(described)).toBeUndefined();
  });

  test('that gives its tokens elsewhere is taken only if the settings name that origin', async () => {
    const elsewhere = { ...described, token_endpoint: 'https://tokens.example.com/token' };

    expect(await read(elsewhere)).toEqual({ why: 'other-origin', code: 'https://tokens.example.com' });
    expect(await read(elsewhere, 200, [issuer.origin, 'https://tokens.example.com'])).toBeUndefined();
  });

  test.each([
    [{}, 404, '404'],
    [{ ...described, issuer: 'https://other.example.com' }, 200, 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'],
    [{ ...described, authorization_endpoint: undefined }, 200, 'authorization_endpoint'],
    [{ ...described, token_endpoint: 'none' }, 200, 'token_endpoint'],
  ])('%o with the status %d is none', async (body, status, code) => {
    expect(await read(body, status)).toEqual({ why: 'not-described', code });
  });
});

describe('the token endpoint', () => {
  const answered = (response: Response) =>
    oauth.processAuthorizationCodeResponse(described, { client_id: 'esm-console' }, response).catch((error) => error);

  test.each([
    ['a refusal of OAuth', Response.json({ error: 'invalid_client' }, { status: 401 }), '401 invalid_client', true],
    ['a page of a firewall', new Response('No.', { status: 403 }), '403', true],
    ['a failure', new Response('', { status: 503 }), '503', false],
    ['too many calls', Response.json({ error: 'slow_down' }, { status: 429 }), '429 slow_down', false],
  ])('answers %s: the page names it, and a session ends only if it was refused', async (_, response, code, refused) => {
    const error = await answered(response);

    expect(failureOf(error)).toEqual({ why: 'refused', code });
    expect(isRefused(error)).toBe(refused);
  });

  test('that does not answer ends no session', () => {
    const error = new TypeError('Failed to fetch');

    expect(failureOf(error)).toEqual({ why: 'no-answer', code: '' });
    expect(isRefused(error)).toBe(false);
  });
});
