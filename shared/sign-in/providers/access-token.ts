import { decodeProtectedHeader } from 'jose';
import * as z from 'zod/mini';
import { defined } from '../../licensing/defined.ts';
import { DAY } from '../../licensing/time.ts';
import { ROLES, type Role } from '../../licensing/vocabulary.ts';
import { providerId, tenantId } from '../../platform/validation.ts';
import type { HookContext } from './hook-request.ts';
import type { FetchJwks } from './key-sets.ts';
import { proveToken, shortType, type TokenRules } from './signed-token.ts';

/** The issuer and audience whose access tokens are accepted, and the claims that hold the tenant and the role. */
export type AccessTokenSettings = {
  readonly issuer: string;
  readonly audience: string;
  readonly tenantClaim: string;
  readonly roleClaim: string;
};

/** The caller. An operator belongs to no tenant, everybody else to exactly one. */
export type Bearer = {
  readonly actor: string;
  /** The display name, if the token has one. */
  readonly name?: string;
} & ({ readonly role: 'operator' } | { readonly role: Exclude<Role, 'operator'>; readonly tenant: string });

export type AccessTokenAnswer =
  | Bearer
  /**
   * The token proves nothing, and the caller needs another one. The text names the check that failed, never a value of
   * the token.
   */
  | { readonly unproven: string }
  /** The token is proven, but gives its subject no role in this service. */
  | { readonly withoutRole: string; readonly actor: string }
  /** Nothing is known about the token, because the issuer's keys could not be fetched. */
  | { readonly unavailable: string };

const ACCESS_TOKEN = 'at+jwt';

/** RFC 9068 requires `at+jwt`. Entra, Keycloak and others send `JWT`, and Cognito sends no type. */
const RULES: TokenRules = {
  types: [ACCESS_TOKEN, 'jwt'],
  mayLackType: true,
  requiresExpiry: true,
  oldest: 0,
  requires: ['sub'],
};

/** Claims that only ID tokens have: hashes of the tokens that were issued with them. */
const OF_ID_TOKENS = ['at_hash', 'c_hash', 's_hash'] as const;

const LONGEST_LIFE = DAY;

const life = z.object({ iat: z.number(), exp: z.number() });

const subject = z.object({ sub: providerId });
const named = z.object({ name: z.string().check(z.minLength(1), z.maxLength(1_024)) });

/** Proves an OpenID Connect access token and returns its caller: `sub`, the role and the tenant. */
export async function readAccessToken(
  token: string,
  settings: AccessTokenSettings,
  context: HookContext,
): Promise<AccessTokenAnswer> {
  const { issuer, audience, tenantClaim, roleClaim } = settings;
  const of = { tenants: [], jwks: discoveryAddress(issuer), issuer: [issuer], audience: [audience] };
  const proof = await proveToken(token, of, RULES, context);
  if (proof.kind === 'unproven') return { unproven: proof.reason };
  if (proof.kind === 'unavailable') return { unavailable: proof.reason };
  const claims = z.parse(z.record(z.string(), z.unknown()), proof.claims);
  const unproven = faultOfKind(decodeProtectedHeader(token).typ, claims);
  if (unproven !== undefined) return { unproven };
  const reading = z.safeParse(subject, claims);
  if (!reading.success) return { unproven: 'the token names no subject that could act' };
  const actor = reading.data.sub;
  const { name } = z.safeParse(named, claims).data ?? {};
  const given = [claims[roleClaim]].flat();
  const role = ROLES.find((one) => given.includes(one));
  if (role === undefined) return { withoutRole: `the token's claim ${roleClaim} has no role of this service`, actor };
  if (role === 'operator') {
    if (claims[tenantClaim] === undefined) return defined({ role, actor, name });
    const withoutRole = `an operator is of no tenant, and the token has the role operator beside the claim ${tenantClaim}`;
    return { withoutRole, actor };
  }
  const tenant = z.safeParse(tenantId, claims[tenantClaim]);
  if (!tenant.success) return { withoutRole: `the token's claim ${tenantClaim} names no tenant`, actor };
  return defined({ role, tenant: tenant.data, actor, name });
}

/**
 * Returns why a proven token is not an access token of this service. An application and its API often share an
 * audience, so an ID token passes all other checks (RFC 8725, 3.11). The claim `typ` is Keycloak's, `token_use` is
 * Cognito's.
 */
function faultOfKind(type: string | undefined, claims: Readonly<Record<string, unknown>>): string | undefined {
  const { typ, token_use, nonce, events } = claims;
  if (OF_ID_TOKENS.some((name) => claims[name] !== undefined)) return NOT_AN_ACCESS_TOKEN;
  if (token_use !== undefined && token_use !== 'access') return NOT_AN_ACCESS_TOKEN;
  if (typ !== undefined && typ !== 'Bearer') return NOT_AN_ACCESS_TOKEN;
  // A logout token or another security event token may have the common type.
  if (events !== undefined) return NOT_AN_ACCESS_TOKEN;
  const isSaid = typ === 'Bearer' || shortType(type ?? '') === ACCESS_TOKEN;
  if (nonce !== undefined && !isSaid) return NOT_AN_ACCESS_TOKEN;
  const { iat, exp } = z.parse(life, claims);
  return (exp - iat) * 1_000 > LONGEST_LIFE ? 'the token is valid for more than 24 hours' : undefined;
}

const NOT_AN_ACCESS_TOKEN = 'this is not an access token';

/** Returns the address of an issuer's discovery document (OpenID Connect Discovery). */
export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/**
 * Fetches the key set of the issuer whose discovery document is at an address. Rejects a document that names another
 * issuer.
 */
export function keysByDiscovery(fetchJson: FetchJwks): FetchJwks {
  return async (address) => {
    const { issuer, jwks_uri } = z.parse(discovery, await fetchJson(address));
    if (discoveryAddress(issuer) !== address) throw new Error('another issuer answers there');
    return fetchJson(jwks_uri);
  };
}
