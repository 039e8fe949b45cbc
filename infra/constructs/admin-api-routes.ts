import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';
import type { TokenConfig } from './stage-config.ts';

/**
 * The administrator's API: everything of a tenant goes to one function, which has the table of routes. A route of the
 * gateway each would be a statement each in the function's policy, which has room for about fifty, and the gateway's own
 * 404 and 405 are no problem details.
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
      // What has no token of the issuer never reaches the function, which proves it once more.
      authorization: { authorizer: new HttpJwtAuthorizer('administrators', issuer, { jwtAudience: [audience] }) },
    },
    {
      function: adminApi,
      routes: [{ method: 'GET', path: '/openapi.json' }],
      authorization: { none: 'The description of the API: it is the same for everybody and says nothing of a tenant.' },
    },
  ];
}
