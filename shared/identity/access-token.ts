import * as z from 'zod/mini';
import { providerId, tenantId } from '../runtime/decoding.ts';
import type { HookContext } from './hook-request.ts';
import type { FetchJwks } from './key-sets.ts';
import { proveToken, type TokenRules } from './signed-token.ts';

/** Of several roles in a token's claim the first of these counts. */
export const ROLES = ['administrator', 'viewer', 'operator'] as const;
export type Role = (typeof ROLES)[number];

/** Whose access tokens are accepted, and what they call the tenant and the role. */
export type AccessTokenSettings = {
  readonly issuer: string;
  readonly audience: string;
  readonly tenantClaim: string;
  readonly roleClaim: string;
};

/** Who calls. An operator is of no tenant; everybody else is of exactly one. */
export type Bearer =
  | { readonly role: 'operator'; readonly actor: string }
  | { readonly role: Exclude<Role, 'operator'>; readonly tenant: string; readonly actor: string };

export type AccessTokenAnswer =
  | Bearer
  /** The token proves nothing: ask for another one. The text names what fails, never what the token holds. */
  | { readonly unproven: string }
  /** It is proven, and gives its subject no role here. */
  | { readonly withoutRole: string; readonly actor: string }
  /** Nothing is known of it: the issuer's keys could not be had. */
  | { readonly unavailable: string };

/** RFC 9068 says `at+jwt`; Entra, Keycloak and others say `JWT`, Cognito nothing. An id token fails by its audience. */
const RULES: TokenRules = {
  types: ['at+jwt', 'jwt'],
  mayLackType: true,
  requiresExpiry: true,
  oldest: 0,
  requires: ['sub'],
};

const subject = z.object({ sub: providerId });

/** Proves an OpenID Connect access token and reads from it who calls: `sub`, the role, and the tenant. */
export async function readAccessToken(
  token: string,
  settings: AccessTokenSettings,
  context: HookContext,
): Promise<AccessTokenAnswer> {
  const { issuer, audience, tenantClaim, roleClaim } = settings;
  const of = { tenants: [], jwks: discoveryAddress(issuer), issuer: [issuer], audience: [audience] };
  const proof = await proveToken(token, of, RULES, context);
  if (!('claims' in proof)) return 'unproven' in proof ? { unproven: proof.unproven } : proof;
  const reading = z.safeParse(subject, proof.claims);
  if (!reading.success) return { unproven: 'the token names no subject that could act' };
  const actor = reading.data.sub;
  const claims = z.parse(z.record(z.string(), z.unknown()), proof.claims);
  const given = [claims[roleClaim]].flat();
  const role = ROLES.find((one) => given.includes(one));
  if (role === undefined) return { withoutRole: `the token's claim ${roleClaim} has no role of this service`, actor };
  if (role === 'operator') return { role, actor };
  const tenant = z.safeParse(tenantId, claims[tenantClaim]);
  if (!tenant.success) return { withoutRole: `the token's claim ${tenantClaim} names no tenant`, actor };
  return { role, tenant: tenant.data, actor };
}

/** Where an issuer tells of itself (OpenID Connect Discovery). */
export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/** The key set of the issuer that tells of itself under an address; of nobody who says another issuer's name there. */
export function keysByDiscovery(fetchJson: FetchJwks): FetchJwks {
  return async (address) => {
    const { issuer, jwks_uri } = z.parse(discovery, await fetchJson(address));
    if (discoveryAddress(issuer) !== address) throw new Error('another issuer answers there');
    return fetchJson(jwks_uri);
  };
}
