import type { IncomingMessage } from 'node:http';
import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { json } from './http.ts';
import type { Authorization } from './http-api.ts';
import type { Template } from './template.ts';

/** The settings of a JWT authorizer of the template. */
type JwtAuthorizer = {
  readonly issuer: string;
  readonly audience: readonly string[];
};

const authorizerProperties = z.object({
  AuthorizerType: z.literal('JWT'),
  IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
  JwtConfiguration: z.object({ Issuer: z.string(), Audience: z.array(z.string()) }),
});

/** API Gateway accepts only tokens that are signed with RSA. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/**
 * Authorizes requests as API Gateway does for the template's JWT authorizers, with the keys that their issuers publish.
 */
export function jwtAuthorizers(template: Template, now: () => number) {
  const authorizers = new Map(
    template.ofType('AWS::ApiGatewayV2::Authorizer').map(([logicalId, { Properties }]): [string, JwtAuthorizer] => {
      const { JwtConfiguration } = authorizerProperties.parse(Properties);
      return [logicalId, { issuer: JwtConfiguration.Issuer, audience: JwtConfiguration.Audience }];
    }),
  );
  const keys = new Map<string, Promise<JWTVerifyGetKey>>();
  const keysOf = (issuer: string) => {
    const known = keys.get(issuer) ?? discoverKeys(issuer);
    keys.set(issuer, known);
    known.catch(() => keys.delete(issuer));
    return known;
  };

  return async (logicalId: string, request: IncomingMessage): Promise<Authorization> => {
    const authorizer = authorizers.get(logicalId);
    if (authorizer === undefined) throw new Error(`The template has no authorizer ${logicalId}`);
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    if (token === undefined) return refusal('');
    try {
      const { issuer, audience } = authorizer;
      const options = { algorithms: ALGORITHMS, issuer, currentDate: new Date(now()), requiredClaims: ['exp'] };
      const { payload } = await jwtVerify(token, await keysOf(issuer), options);
      return isFor(payload, audience) ? { claims: asTexts(payload) } : refusal(INVALID);
    } catch {
      return refusal(INVALID);
    }
  };
}

const INVALID = ' error="invalid_token"';

const refusal = (error: string) => ({
  refusal: json(401, { message: 'Unauthorized' }, { 'www-authenticate': `Bearer${error}` }),
});

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`);
  const { jwks_uri } = z.object({ jwks_uri: z.string() }).parse(await response.json());
  return createRemoteJWKSet(new URL(jwks_uri));
}

/** Some issuers write only the client. */
function isFor({ aud, client_id }: JWTPayload, audience: readonly string[]): boolean {
  const named = aud === undefined ? [client_id] : [aud].flat();
  return named.some((one) => typeof one === 'string' && audience.includes(one));
}

/** Returns a claim as text, as the function receives it: a list becomes `[a b]`. */
function asTexts(payload: JWTPayload): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(payload).map(([name, value]) => [
      name,
      Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
    ]),
  );
}
