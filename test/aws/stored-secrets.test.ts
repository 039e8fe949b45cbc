import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, onTestFinished, test } from 'vitest';
import { storedSecrets } from '../../shared/aws/stored-secrets.ts';

const PREFIX = 'esm-license-service';
const NONE = { message: 'none', $metadata: {} };

describe('a secret of Secrets Manager', () => {
  test('is the text under the tenant’s name', async () => {
    const client = mockClient(SecretsManagerClient);
    onTestFinished(() => client.restore());
    client.on(GetSecretValueCommand, { SecretId: 'esm-license-service/acme/okta' }).resolves({ SecretString: 'hush' });

    expect(await storedSecrets(PREFIX, undefined)('acme', { kind: 'secretsmanager', name: 'okta' })).toBe('hush');
  });

  test('that does not exist is undefined, and one that cannot be read is a fault', async () => {
    const client = mockClient(SecretsManagerClient);
    onTestFinished(() => client.restore());
    const read = () => storedSecrets(PREFIX, undefined)('acme', { kind: 'secretsmanager', name: 'okta' });
    client.on(GetSecretValueCommand).rejectsOnce(new ResourceNotFoundException(NONE)).rejects(new Error('denied'));

    expect(await read()).toBeUndefined();
    await expect(read()).rejects.toThrow('denied');
  });
});

test('a SecureString is requested in decrypted form', async () => {
  const client = mockClient(SSMClient);
  onTestFinished(() => client.restore());
  const asked = { Name: '/esm-license-service/acme/okta', WithDecryption: true };
  client.on(GetParameterCommand).rejects(new ParameterNotFound(NONE));
  client.on(GetParameterCommand, asked).resolves({ Parameter: { Value: 'hush' } });

  expect(await storedSecrets(PREFIX, undefined)('acme', { kind: 'ssm', name: 'okta' })).toBe('hush');
  expect(await storedSecrets(PREFIX, undefined)('globex', { kind: 'ssm', name: 'okta' })).toBeUndefined();
});

test('a file is read on the local stack only, without its line end, and of its tenant', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'acme'));
  writeFileSync(join(folder, 'acme/okta'), 'hush\n');
  const reference = { kind: 'file', name: 'okta' } as const;

  expect(await storedSecrets(PREFIX, folder)('acme', reference)).toBe('hush');
  expect(await storedSecrets(PREFIX, folder)('globex', reference)).toBeUndefined();
  expect(await storedSecrets(PREFIX, undefined)('acme', reference)).toBeUndefined();
});
