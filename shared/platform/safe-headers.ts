/**
 * The headers of every HTTP response: the client uses TLS for a year, and a browser does not guess the type of a body.
 */
export const SAFE_HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
} as const;
