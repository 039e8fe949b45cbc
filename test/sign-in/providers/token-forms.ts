/** What the function makes of a token that the issuer signed for the API's audience. */
type Verdict = 'caller' | 'unauthorized' | 'forbidden';

/** A token of the form: its header's `typ`, and what differs from an administrator's claims. */
export type TokenForm = readonly [
  title: string,
  typ: string | undefined,
  claims: Readonly<Record<string, unknown>>,
  verdict: Verdict,
];

const HOUR = 3_600;

/**
 * Each form of a token beside its complement. All of them are signed and not expired: API Gateway's authorizer looks at
 * nothing else, so it lets all of them pass to the function.
 */
export function tokenForms(seconds: number): readonly TokenForm[] {
  const iat = seconds - 60;
  return [
    ['RFC 9068: header at+jwt', 'at+jwt', {}, 'caller'],
    ['RFC 9068: header application/at+jwt', 'application/at+jwt', {}, 'caller'],
    ['RFC 9068: header in capitals', 'AT+JWT', {}, 'caller'],
    ['Entra, Auth0, Okta: header JWT', 'JWT', {}, 'caller'],
    ['Cognito: no typ in the header, token_use access', undefined, { token_use: 'access' }, 'caller'],
    ['Keycloak: payload typ Bearer', 'JWT', { typ: 'Bearer' }, 'caller'],

    ['an ID token with at_hash', 'JWT', { at_hash: 'x' }, 'unauthorized'],
    ['an ID token with c_hash', 'JWT', { c_hash: 'x' }, 'unauthorized'],
    ['an ID token with s_hash', 'JWT', { s_hash: 'x' }, 'unauthorized'],
    ['an ID token with at_hash null', 'JWT', { at_hash: null }, 'unauthorized'],
    ['an ID token with at_hash that says at+jwt', 'at+jwt', { at_hash: 'x' }, 'unauthorized'],
    ['an ID token with at_hash that says Bearer', 'JWT', { at_hash: 'x', typ: 'Bearer' }, 'unauthorized'],
    ['an ID token of Cognito', undefined, { token_use: 'id' }, 'unauthorized'],
    ['an ID token of Cognito that says at+jwt', 'at+jwt', { token_use: 'id' }, 'unauthorized'],
    ['a token of Cognito for another use', undefined, { token_use: 'refresh' }, 'unauthorized'],
    ['an ID token of Keycloak', 'JWT', { typ: 'ID' }, 'unauthorized'],
    ['an ID token of Keycloak that says at+jwt', 'at+jwt', { typ: 'ID' }, 'unauthorized'],
    ['a refresh token of Keycloak', 'JWT', { typ: 'Refresh' }, 'unauthorized'],
    ['an offline token of Keycloak', 'JWT', { typ: 'Offline' }, 'unauthorized'],
    ['a logout token of Keycloak', 'JWT', { typ: 'Logout' }, 'unauthorized'],
    ['a token of Keycloak that needs a proof beside it', 'JWT', { typ: 'DPoP' }, 'unauthorized'],
    ['a payload typ that is no text', 'JWT', { typ: ['Bearer'] }, 'unauthorized'],
    ['a logout token of OpenID Connect', 'JWT', { events: {} }, 'unauthorized'],

    ['nonce, header JWT', 'JWT', { nonce: 'n' }, 'unauthorized'],
    ['nonce, no typ in the header', undefined, { nonce: 'n' }, 'unauthorized'],
    ['nonce, token_use access', undefined, { nonce: 'n', token_use: 'access' }, 'unauthorized'],
    ['nonce null', 'JWT', { nonce: null }, 'unauthorized'],
    ['nonce, header at+jwt', 'at+jwt', { nonce: 'n' }, 'caller'],
    ['nonce, header application/at+jwt', 'application/at+jwt', { nonce: 'n' }, 'caller'],
    ['nonce, payload typ Bearer', 'JWT', { nonce: 'n', typ: 'Bearer' }, 'caller'],

    ['an operator without a tenant', 'at+jwt', { role: 'operator', tenant: undefined }, 'caller'],
    ['an operator with a tenant', 'at+jwt', { role: 'operator' }, 'forbidden'],
    ['an operator with an empty tenant', 'at+jwt', { role: 'operator', tenant: '' }, 'forbidden'],
    ['an operator with a tenant null', 'at+jwt', { role: 'operator', tenant: null }, 'forbidden'],
    ['an operator with no tenants in a list', 'at+jwt', { role: ['operator'], tenant: [] }, 'forbidden'],
    ['an administrator without a tenant', 'at+jwt', { tenant: undefined }, 'forbidden'],

    ['valid for 24 hours', 'at+jwt', { iat, exp: iat + 24 * HOUR }, 'caller'],
    ['valid for a second more than 24 hours', 'at+jwt', { iat, exp: iat + 24 * HOUR + 1 }, 'unauthorized'],
    ['valid for a hundred years', 'at+jwt', { iat, exp: iat + 876_600 * HOUR }, 'unauthorized'],
    ['issued a year ago, valid until tomorrow', 'at+jwt', { iat: iat - 8_766 * HOUR }, 'unauthorized'],
  ];
}
