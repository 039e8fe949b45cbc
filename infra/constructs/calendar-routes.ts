import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';
import { ROUTE_RATES } from './route-rates.ts';

/** The calendars of last days, each under its secret address. */
export function calendarRoutes(calendarFeed: NodeFunction): HttpApiRoutes {
  return {
    function: calendarFeed,
    routes: [{ method: 'GET', path: '/calendars/{file}' }],
    throttle: ROUTE_RATES.open,
    authorization: {
      none: 'Calendar programs send no token. The address has a secret of 256 bits, which the function compares with its hash, and leads to counts only.',
    },
  };
}
