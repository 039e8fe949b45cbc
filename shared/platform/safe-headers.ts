/** On every answer over HTTP: always by TLS for a year, and no browser guesses that a body is of another type. */
export const SAFE_HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
} as const;
