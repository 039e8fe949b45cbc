import { decodeJwt, decodeProtectedHeader, errors, type JWTVerifyGetKey, type JWTVerifyResult, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { CLOCK_SKEW, type Instant } from '../../licensing/time.ts';
import type { HookContext, HookSettings } from './hook-request.ts';
import { KeysUnavailable } from './key-sets.ts';

/** Which proof failed. */
export type TokenFault = 'token' | 'key' | 'issuer' | 'audience' | 'time' | 'claims';

export type ProvenToken = { readonly claims: unknown; readonly issuer: string; readonly issuedAt: number };

/** `unavailable` means that the keys could not be fetched, so nothing is known about the token. */
export type TokenProof =
  | ({ readonly kind: 'proven' } & ProvenToken)
  | { readonly kind: 'unproven'; readonly reason: string; readonly fault: TokenFault }
  | { readonly kind: 'unavailable'; readonly reason: string };

export type TokenRules = {
  /** The accepted `typ` of the header, in lower case and without `application/`. */
  readonly types: readonly string[];
  /** For providers that send no type. */
  readonly mayLackType: boolean;
  readonly requiresExpiry: boolean;
  /** How old a token without an expiry may be, in milliseconds. */
  readonly oldest: number;
  readonly requires: readonly string[];
  /** The claims that a token of this kind never has. */
  readonly forbids?: readonly string[];
};

/** Only asymmetric algorithms: never `none`, and never a public key as the secret of an HMAC. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** How many keys are tried for a token that names none. */
const MOST_KEYS_TRIED = 4;

const timesAndIssuer = z.object({
  iss: z.string(),
  iat: z.number().check(z.gte(0)),
  exp: z.optional(z.number()),
  nbf: z.optional(z.number()),
});

const audiences = z.union([z.string(), z.array(z.string())]);

/**
 * Proves a provider's token: signature, algorithm, type, issuer, audience and time. The file of each provider checks
 * what only that provider needs. The texts name the check that failed, never a value of the token.
 */
export async function proveToken(
  token: string,
  { jwks, issuer, audience }: HookSettings,
  rules: TokenRules,
  { now, keySets }: HookContext,
): Promise<TokenProof> {
  if (jwks === undefined) return fault('key', 'no signing keys are configured');
  if (issuer === undefined) return fault('issuer', 'no issuer is configured');
  if (audience === undefined) return fault('audience', 'no audience is configured');
  try {
    const unsigned = checkContent(token, { issuer, audience }, rules, now);
    if (unsigned !== undefined) return unsigned;
    const options = {
      algorithms: ALGORITHMS,
      issuer: [...issuer],
      audience: [...audience],
      currentDate: new Date(now),
      clockTolerance: CLOCK_SKEW / 1_000,
      requiredClaims: ['iat', ...rules.requires, ...(rules.requiresExpiry ? ['exp'] : [])],
    };
    const { payload } = await verifyWithAnyKey(token, keySets(jwks, now), options);
    const { iss, iat } = z.parse(timesAndIssuer, payload);
    return { kind: 'proven', claims: payload, issuer: iss, issuedAt: iat };
  } catch (error) {
    if (error instanceof KeysUnavailable) return { kind: 'unavailable', reason: error.message };
    return describeError(error);
  }
}

/**
 * Returns what is wrong with a token whoever signed it, or undefined when only the signature decides. So no keys are
 * fetched for a token that cannot count, and a stranger cannot learn from such a token whether keys are available.
 */
function checkContent(
  token: string,
  { issuer, audience }: { readonly issuer: readonly string[]; readonly audience: readonly string[] },
  rules: TokenRules,
  now: Instant,
): TokenProof | undefined {
  const { typ, alg } = decodeProtectedHeader(token);
  if (!ALGORITHMS.includes(alg ?? '')) return fault('token', 'the algorithm is not allowed');
  if (!isAccepted(typ, rules)) return fault('token', 'the token is of another type');
  const claims = decodeJwt(token);
  const required = ['iss', 'aud', 'iat', ...rules.requires, ...(rules.requiresExpiry ? ['exp'] : [])];
  const missing = required.find((name) => claims[name] === undefined);
  if (missing !== undefined) return claimFault(missing);
  const reading = z.safeParse(timesAndIssuer, claims);
  if (!reading.success) return claimFault(String(reading.error.issues[0]?.path[0]));
  const { iss, iat, exp, nbf } = reading.data;
  if (!issuer.includes(iss)) return claimFault('iss');
  const given = [z.safeParse(audiences, claims.aud).data ?? []].flat();
  if (!given.some((one) => audience.includes(one))) return claimFault('aud');
  if (rules.forbids?.some((name) => name in claims)) return fault('claims', 'the token has a claim that is forbidden');
  const seconds = Date.parse(now) / 1_000;
  const skew = CLOCK_SKEW / 1_000;
  if (iat > seconds + skew) return fault('time', 'the token is of the future');
  if (nbf !== undefined && nbf > seconds + skew) return claimFault('nbf');
  if (exp !== undefined && exp <= seconds) return fault('time', 'the token has expired');
  if (exp === undefined && iat < seconds - rules.oldest / 1_000) return fault('time', 'the token is too old');
  return undefined;
}

/** Tries a token that names no key with each key that could have signed it. */
async function verifyWithAnyKey(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTVerifyResult> {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (tried === MOST_KEYS_TRIED) break;
      tried += 1;
      try {
        return await jwtVerify(token, key, options);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function isAccepted(type: string | undefined, { types, mayLackType }: TokenRules): boolean {
  return type === undefined ? mayLackType : types.includes(shortType(type));
}

/** Returns the `typ` of a header in lower case and without `application/`. */
export function shortType(type: string): string {
  return type.toLowerCase().replace(/^application\//, '');
}

function fault(what: TokenFault, reason: string): TokenProof {
  return { kind: 'unproven', reason, fault: what };
}

function describeError(error: unknown): TokenProof {
  if (error instanceof errors.JWTExpired) return fault('time', 'the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) return claimFault(error.claim);
  if (error instanceof errors.JOSEAlgNotAllowed) return fault('token', 'the algorithm is not allowed');
  if (error instanceof errors.JWKSNoMatchingKey) return fault('key', 'the key is unknown');
  if (error instanceof errors.JWSSignatureVerificationFailed) return fault('key', 'the signature does not fit');
  return fault('token', 'this is not a token that could be verified');
}

/** The text for a missing claim is the same for each claim that the kind of token must have. */
export const CLAIM_IS_MISSING = 'a required claim of the token is missing';

function claimFault(claim: string): TokenProof {
  switch (claim) {
    case 'iss':
      return fault('issuer', 'the issuer is another one');
    case 'aud':
      return fault('audience', 'the token is for another audience');
    case 'nbf':
    case 'iat':
    case 'exp':
      return fault('time', `the token's ${claim} is missing or does not fit`);
    default:
      return fault('claims', CLAIM_IS_MISSING);
  }
}
