import type { SecretReference } from './secret-reference.ts';

/** Returns a tenant's secret; undefined when it does not exist. Throws when the store of secrets does not answer. */
export type ReadSecret = (tenantId: string, reference: SecretReference) => Promise<string | undefined>;

/**
 * Returns the name under which a tenant's secret is stored. It begins with the prefix of the stage, then the tenant, so
 * no reference leads to another stage's or another tenant's secret.
 */
export function storedName(prefix: string, tenantId: string, { name }: SecretReference): string {
  return `${prefix}/${tenantId}/${name}`;
}
