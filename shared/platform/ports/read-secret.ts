import type { SecretReference } from './secret-reference.ts';

/** Gives a tenant's secret, undefined when there is none of that name; throws when nobody can say. */
export type ReadSecret = (tenant: string, reference: SecretReference) => Promise<string | undefined>;

/** Where the secrets of all tenants are, in Secrets Manager and in the Parameter Store. */
export const SECRETS = 'esm-license-service';

/** The name under which a tenant's secret is stored: no tenant's reference leads to another's. */
export function storedName(tenant: string, { name }: SecretReference): string {
  return `${SECRETS}/${tenant}/${name}`;
}
