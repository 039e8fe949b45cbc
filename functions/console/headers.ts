import { LIBRARY_STYLE_HASHES } from './library-styles.ts';
import type { ConsoleSettings } from './settings.ts';

type Origins = Pick<ConsoleSettings, 'providerOrigins' | 'bucketOrigin'>;

/** Returns the headers that every answer of the console has. No other file sets a security header. */
export function securityHeaders({ providerOrigins, bucketOrigin }: Origins) {
  return {
    'content-security-policy': Object.entries(policy([...providerOrigins, new URL(bucketOrigin).origin]))
      .map(([directive, values]) => [directive, ...values].join(' '))
      .join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': PERMISSIONS.map((name) => `${name}=()`).join(', '),
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=63072000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

/** The code comes from the console's own files alone, and nothing in a page becomes code. */
const policy = (others: readonly string[]) => ({
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", ...LIBRARY_STYLE_HASHES],
  'img-src': ["'self'"],
  'connect-src': ["'self'", ...others],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
  'require-trusted-types-for': ["'script'"],
  'trusted-types': ["'none'"],
});

const PERMISSIONS = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
];
