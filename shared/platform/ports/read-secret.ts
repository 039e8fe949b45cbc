import type { SecretReference } from './secret-reference.ts';

/** Returns a tenant's secret; undefined when it does not exist. Throws when the store of secrets does not answer. */
export type ReadSecret = (tenantId: string, reference: SecretReference) => Promise<string | undefined>;

/** The prefix of all tenants' secrets, in Secrets Manager and in the Parameter Store. */
export const SECRETS = 'esm-license-service';

/**
 * Returns the name under which a tenant's secret is stored. It begins with the tenant, so no reference leads to another
 * tenant's secret.
 */
export function storedName(tenantId: string, { name }: SecretReference): string {
  return `${SECRETS}/${tenantId}/${name}`;
}
