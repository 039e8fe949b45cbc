import { describe, expect, test } from 'vitest';
import { addClaims } from '../../../shared/sign-in/providers/cognito.ts';
import { provideClaims } from '../../../shared/sign-in/providers/entra.ts';
import { patchTokens, refuseTokens } from '../../../shared/sign-in/providers/okta.ts';
import { fixture } from './samples.ts';

const CLAIMS = { esm_license: 'floating' };

describe('claims are returned in the form of the provider', () => {
  test('Okta', () => {
    const { status, body } = patchTokens(CLAIMS);

    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(JSON.parse(fixture('okta/token-inline-hook-response.json')));
  });

  test('Okta, when the tenant refuses a login without a license', () => {
    const { status, body } = refuseTokens('No license is free for this user');

    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(JSON.parse(fixture('okta/token-inline-hook-response-error.json')));
  });

  test('Entra', () => {
    const { status, body } = provideClaims({ esmLicense: 'floating', esmModules: ['All'] });

    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual(JSON.parse(fixture('entra/response-provide-claims.json')));
  });

  test.each([
    ['pre-token-generation-v1-authentication.json', 'response-pre-token-generation-v1.json'],
    ['pre-token-generation-v2-refresh.json', 'response-pre-token-generation-v2.json'],
  ])('Cognito: %s', (event, response) => {
    const body = fixture(`cognito/${event}`);

    const answer = JSON.parse(addClaims(body, CLAIMS));

    // The sample also overrides groups and scopes, which we leave alone.
    expect(JSON.parse(fixture(`cognito/${response}`))).toMatchObject(answer.response);
    expect({ ...answer, response: {} }).toEqual(JSON.parse(body));
  });

  test.each(['cognito/post-authentication.json', 'cognito/malformed-aws-console-test-event.json'])(
    '%s is returned unchanged, because no token is made',
    (file) => {
      expect(addClaims(fixture(file), CLAIMS)).toBe(fixture(file));
    },
  );
});
