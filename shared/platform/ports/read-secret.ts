import type { SecretReference } from './secret-reference.ts';

/** Returns a tenant's secret; undefined when it does not exist. Throws when the store of secrets does not answer. */
export type ReadSecret = (tenant: string, reference: SecretReference) => Promise<string | undefined>;

/** Where the secrets of all tenants are, in Secrets Manager and in the Parameter Store. */
export const SECRETS = 'esm-license-service';

/** The name under which a tenant's secret is stored: no tenant's reference leads to another's. */
export function storedName(tenant: string, { name }: SecretReference): string {
  return `${SECRETS}/${tenant}/${name}`;
}
