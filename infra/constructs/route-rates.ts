export type RouteRate = {
  /** Requests a second. */
  readonly rateLimit: number;
  /** Requests at once, after a pause. */
  readonly burstLimit: number;
};

/**
 * How many requests a route of the HTTP API takes, of all callers together. A burst above the account's own limit would
 * not count. In small regions that is 1,250.
 */
export const ROUTE_RATES = {
  /** Identity providers' calls, of which each may be a login: enough for all tenants at nine o'clock. */
  hooks: { rateLimit: 1_000, burstLimit: 1_250 },
  administrators: { rateLimit: 500, burstLimit: 1_000 },
  /** What anybody may read without a token. Callers who guess addresses take nothing from logins. */
  open: { rateLimit: 20, burstLimit: 40 },
} as const satisfies Record<string, RouteRate>;
