import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';
import { ROUTE_RATES } from './route-rates.ts';
import type { TokenConfig } from './stage-config.ts';

/**
 * The administrators' API. One function serves all routes of a tenant and has the table of routes. If API Gateway had
 * each route, each would need a statement in the function's policy, which has room for about fifty, and the gateway's
 * own 404 and 405 would not be problem details.
 */
export function adminApiRoutes(adminApi: NodeFunction, { issuer, audience }: TokenConfig): readonly HttpApiRoutes[] {
  return [
    {
      function: adminApi,
      routes: [
        { method: 'ANY', path: '/me' },
        { method: 'ANY', path: '/tenants' },
        { method: 'ANY', path: '/tenants/{tenant}' },
        { method: 'ANY', path: '/tenants/{tenant}/{rest+}' },
      ],
      throttle: ROUTE_RATES.administrators,
      // API Gateway rejects a request without a token of the issuer. The function verifies the token again.
      authorization: { authorizer: new HttpJwtAuthorizer('administrators', issuer, { jwtAudience: [audience] }) },
    },
    {
      function: adminApi,
      routes: [{ method: 'GET', path: '/openapi.json' }],
      throttle: ROUTE_RATES.open,
      authorization: { none: 'The description of the API: it is the same for everybody and says nothing of a tenant.' },
    },
  ];
}
