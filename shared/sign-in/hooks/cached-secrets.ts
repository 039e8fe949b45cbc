import { MINUTE } from '../../licensing/time.ts';
import { cached } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReadSecret } from '../../platform/ports/read-secret.ts';

const SECRETS_KEPT = 5 * MINUTE;

/** Caches secrets for five minutes, and the absence of a secret for half a minute. */
export function cachedSecrets(readSecret: ReadSecret, clock: Clock): ReadSecret {
  return cached(readSecret, clock, SECRETS_KEPT);
}
