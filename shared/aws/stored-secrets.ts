import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { type ReadSecret, storedName } from '../platform/ports/read-secret.ts';
import type { SecretReference } from '../platform/ports/secret-reference.ts';
import { CallRefused, type SignedCalls } from './signed-calls.ts';

export type StoredSecretsOptions = {
  /** The beginning of the names of the stage's secrets. */
  readonly prefix: string;
  readonly call: SignedCalls;
  /** The folder with secrets, which only the local stack has. */
  readonly folder: string | undefined;
};

const secretValue = z.object({ SecretString: z.optional(z.string()) });
const parameter = z.object({ Parameter: z.optional(z.object({ Value: z.optional(z.string()) })) });

/**
 * Returns a function that reads a tenant's secret: `PREFIX/TENANT/NAME` in Secrets Manager, the same name with a
 * leading slash in the Parameter Store, or the file `TENANT/NAME` in the folder. A line end after the secret is
 * dropped.
 */
export function storedSecrets({ prefix, call, folder }: StoredSecretsOptions): ReadSecret {
  const read = async (tenantId: string, reference: SecretReference): Promise<string | undefined> => {
    const name = storedName(prefix, tenantId, reference);
    switch (reference.kind) {
      case 'secretsmanager': {
        const answer = call('secretsmanager', 'GetSecretValue', { SecretId: name });
        return secretValue.parse(await unless('ResourceNotFoundException', answer)).SecretString;
      }
      case 'ssm': {
        const answer = call('ssm', 'GetParameter', { Name: `/${name}`, WithDecryption: true });
        return parameter.parse(await unless('ParameterNotFound', answer)).Parameter?.Value;
      }
      case 'file':
        return folder === undefined ? undefined : readIfThere(join(folder, tenantId, reference.name));
    }
  };
  return async (tenantId, reference) => (await read(tenantId, reference))?.replace(/\r?\n$/, '');
}

/** Returns an empty answer if the call was refused with this name, because there is no such secret. */
async function unless(name: string, answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallRefused && error.name === name) return {};
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
