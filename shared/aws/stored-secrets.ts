import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, ParameterNotFound, type SSMClient } from '@aws-sdk/client-ssm';
import { type ReadSecret, storedName } from '../hooks/read-secret.ts';
import type { SecretReference } from '../hooks/secret-reference.ts';

export type SecretStores = {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  /** The folder of secrets on the local stack; there is none on AWS. */
  readonly folder: string | undefined;
};

/**
 * Reads a tenant's secret: `esm-license-service/TENANT/NAME` of Secrets Manager, the same with a leading slash of the Parameter
 * Store, or the file `TENANT/NAME`. A line end after it does not belong to it.
 */
export function storedSecrets({ secretsManager, ssm, folder }: SecretStores): ReadSecret {
  const read = async (tenant: string, reference: SecretReference): Promise<string | undefined> => {
    switch (reference.kind) {
      case 'secretsmanager': {
        const SecretId = storedName(tenant, reference);
        return (await secretsManager.send(new GetSecretValueCommand({ SecretId }))).SecretString;
      }
      case 'ssm': {
        const Name = `/${storedName(tenant, reference)}`;
        return (await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }))).Parameter?.Value;
      }
      case 'file':
        return folder === undefined ? undefined : readFile(join(folder, tenant, reference.name), 'utf8');
    }
  };
  return async (tenant, reference) => {
    try {
      return (await read(tenant, reference))?.replace(/\r?\n$/, '');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
}

function isMissing(error: unknown): boolean {
  if (error instanceof ResourceNotFoundException || error instanceof ParameterNotFound) return true;
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
