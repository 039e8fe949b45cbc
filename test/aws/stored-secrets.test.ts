import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CallRefused, type SignedCalls } from '../../shared/aws/signed-calls.ts';
import { storedSecrets } from '../../shared/aws/stored-secrets.ts';

const OKTA = { kind: 'secretsmanager', name: 'okta' } as const;
const PARAMETER = { kind: 'ssm', name: 'okta' } as const;

/** Secrets of a store that answers so. */
function secretsOf(answer: () => unknown, folder?: string) {
  const calls: unknown[] = [];
  const call: SignedCalls = async (...given) => {
    calls.push(given);
    return answer();
  };
  return { calls, read: storedSecrets({ prefix: 'esm-license-service', call, folder }) };
}

const refuse = (name: string) => () => {
  throw new CallRefused(name, 'refused');
};

describe('a secret of Secrets Manager', () => {
  test('is the text under the tenant’s name, without its line end', async () => {
    const { calls, read } = secretsOf(() => ({ SecretString: 'hush\n' }));

    expect(await read('acme', OKTA)).toBe('hush');
    expect(calls).toEqual([['secretsmanager', 'GetSecretValue', { SecretId: 'esm-license-service/acme/okta' }]]);
  });

  test('that does not exist, or is not a text, is undefined', async () => {
    expect(await secretsOf(refuse('ResourceNotFoundException')).read('acme', OKTA)).toBeUndefined();
    expect(await secretsOf(() => ({ SecretBinary: 'aGk=' })).read('acme', OKTA)).toBeUndefined();
  });

  test.each(['AccessDeniedException', 'ParameterNotFound'])('that cannot be read is a fault: %s', async (name) => {
    await expect(secretsOf(refuse(name)).read('acme', OKTA)).rejects.toThrow('refused');
  });
});

describe('a parameter', () => {
  test('is requested in decrypted form', async () => {
    const { calls, read } = secretsOf(() => ({ Parameter: { Value: 'hush' } }));

    expect(await read('acme', PARAMETER)).toBe('hush');
    expect(calls).toEqual([['ssm', 'GetParameter', { Name: '/esm-license-service/acme/okta', WithDecryption: true }]]);
  });

  test('that does not exist is undefined, and one that cannot be read is a fault', async () => {
    expect(await secretsOf(refuse('ParameterNotFound')).read('acme', PARAMETER)).toBeUndefined();
    await expect(secretsOf(refuse('ThrottlingException')).read('acme', PARAMETER)).rejects.toThrow('refused');
  });
});

test('a file is read on the local stack only, without its line end, and of its tenant', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'acme'));
  writeFileSync(join(folder, 'acme/okta'), 'hush\n');
  const reference = { kind: 'file', name: 'okta' } as const;
  const local = secretsOf(refuse('never called'), folder);

  expect(await local.read('acme', reference)).toBe('hush');
  expect(await local.read('globex', reference)).toBeUndefined();
  expect(await secretsOf(refuse('never called')).read('acme', reference)).toBeUndefined();
});
