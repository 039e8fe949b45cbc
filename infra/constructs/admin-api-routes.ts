import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';

/**
 * The administrator's API: everything of a tenant goes to one function, which has the table of routes. A route of the
 * gateway each would be a statement each in the function's policy, which has room for about fifty, and the gateway's own
 * 404 and 405 are no problem details.
 */
export function adminApiRoutes(adminApi: NodeFunction): readonly HttpApiRoutes[] {
  return [
    {
      function: adminApi,
      routes: [
        { method: 'ANY', path: '/tenants/{tenant}' },
        { method: 'ANY', path: '/tenants/{tenant}/{rest+}' },
      ],
      authorization: { none: 'The function itself asks who calls before it reads anything (tested route by route).' },
    },
    {
      function: adminApi,
      routes: [{ method: 'GET', path: '/openapi.json' }],
      authorization: { none: 'The description of the API: it is the same for everybody and says nothing of a tenant.' },
    },
  ];
}
