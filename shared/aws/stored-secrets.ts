import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReadSecret, storedName } from '../platform/ports/read-secret.ts';
import type { SecretReference } from '../platform/ports/secret-reference.ts';

/**
 * Reads a tenant's secret: `esm-license-service/TENANT/NAME` of Secrets Manager, the same with a leading slash of the
 * Parameter Store, or the file `TENANT/NAME` of the folder, which only the local stack has. A line end after it does not
 * belong to it. The clients are loaded by the first secret: a login that needs none does not wait for them.
 */
export function storedSecrets(folder: string | undefined): ReadSecret {
  const read = async (tenant: string, reference: SecretReference): Promise<string | undefined> => {
    const name = storedName(tenant, reference);
    switch (reference.kind) {
      case 'secretsmanager':
        return (await import('./secrets-manager.ts')).readSecretsManager(name);
      case 'ssm':
        return (await import('./parameter-store.ts')).readParameter(`/${name}`);
      case 'file':
        return folder === undefined ? undefined : readIfThere(join(folder, tenant, reference.name));
    }
  };
  return async (tenant, reference) => (await read(tenant, reference))?.replace(/\r?\n$/, '');
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
