import { MINUTE } from '../../licensing/time.ts';
import { cached } from '../../platform/cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReadSecret } from '../../platform/ports/read-secret.ts';
import { readReference } from '../../platform/ports/secret-reference.ts';

const SECRETS_KEPT = 5 * MINUTE;

/** Caches secrets for five minutes, and the absence of a secret for half a minute. */
export function cachedSecrets(readSecret: ReadSecret, clock: Clock): ReadSecret {
  const secrets = cached(
    async (name) => {
      const [tenant = '', reference = ''] = name.split(' ');
      const read = readReference(reference);
      return read === undefined ? undefined : readSecret(tenant, read);
    },
    clock,
    SECRETS_KEPT,
  );
  return (tenantId, { kind, name }) => secrets(`${tenantId} ${kind}:${name}`);
}
