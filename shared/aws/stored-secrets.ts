import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ReadSecret, storedName } from '../platform/ports/read-secret.ts';
import type { SecretReference } from '../platform/ports/secret-reference.ts';

/**
 * Returns a function that reads a tenant's secret: `PREFIX/TENANT/NAME` in Secrets Manager, the same name
 * with a leading slash in the Parameter Store, or the file `TENANT/NAME` in the folder, which only the local stack has.
 * A line end after the secret is dropped. The first secret loads the client, so that a login without secrets does not
 * wait for it.
 */
export function storedSecrets(prefix: string, folder: string | undefined): ReadSecret {
  const read = async (tenantId: string, reference: SecretReference): Promise<string | undefined> => {
    const name = storedName(prefix, tenantId, reference);
    switch (reference.kind) {
      case 'secretsmanager':
        return (await import('./secrets-manager.ts')).readSecretsManager(name);
      case 'ssm':
        return (await import('./parameter-store.ts')).readParameter(`/${name}`);
      case 'file':
        return folder === undefined ? undefined : readIfThere(join(folder, tenantId, reference.name));
    }
  };
  return async (tenantId, reference) => (await read(tenantId, reference))?.replace(/\r?\n$/, '');
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
