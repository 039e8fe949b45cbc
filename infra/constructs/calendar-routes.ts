import type { HttpApiRoutes } from './http-api.ts';
import type { NodeFunction } from './node-function.ts';

/** Programs read a calendar every few hours. A caller who guesses addresses shares this limit, and not that of logins. */
const THROTTLE = { rateLimit: 20, burstLimit: 40 };

/** The calendars of last days, each under its secret address. */
export function calendarRoutes(calendarFeed: NodeFunction): HttpApiRoutes {
  return {
    function: calendarFeed,
    routes: [{ method: 'GET', path: '/calendars/{file}' }],
    throttle: THROTTLE,
    authorization: {
      none: 'Calendar programs send no token. The address has a secret of 256 bits, which the function compares with its hash, and leads to counts only.',
    },
  };
}
