import { describe, expect, it } from 'vitest';
import { cachedSecrets } from '../../../shared/sign-in/hooks/cached-secrets.ts';
import { configuredHooks, SecretUnavailable } from '../../../shared/sign-in/hooks/configured-hooks.ts';
import type { Hook } from '../../../shared/sign-in/hooks/hook.ts';
import { hookItem, hookScopeItem } from '../../../shared/sign-in/hooks/hook.ts';
import { countingTable } from '../../fakes/counting-table.ts';
import { memoryTable } from '../../fakes/memory-table.ts';
import { fixedClock } from '../../fakes/world.ts';

const CHANGE = { actor: 'test', cause: 'put-hook', at: '2026-01-01T00:00:00.000Z' };
const FOUR = ['ssm:a', 'ssm:b', 'secretsmanager:c', 'file:d'];

/** A tenant's hook of Okta with four references to secrets, and what is read for it. */
async function aHook({ secrets = new Map<string, string>(), isThere = true } = {}) {
  const table = memoryTable();
  const clock = fixedClock();
  const { table: counted, counts } = countingTable(table);
  const reads: string[] = [];
  const down = new Set<string>();
  const readSecret = async (tenant: string, { name }: { name: string }) => {
    reads.push(`${tenant} ${name}`);
    if (down.has(name)) throw new Error('throttled');
    return secrets.get(name);
  };
  const hook: Hook = {
    tenant: 'acme',
    provider: 'okta',
    version: 1,
    change: CHANGE,
    settings: { tenants: ['okta:acme'], authorization: FOUR },
  };
  const store = () => table.write([{ put: hookItem(hook) }, { put: hookScopeItem('cognito:p', hook) }]);
  if (isThere) await store();
  return { hooks: configuredHooks(counted, readSecret, clock), clock, counts, reads, down, secrets, store, readSecret };
}

describe('a hook whose secrets do not exist', () => {
  it('costs four reads for a hundred calls, and verifies nothing', async () => {
    const { hooks, reads } = await aHook();

    for (let call = 0; call < 100; call += 1) {
      expect(await hooks.of('acme', 'okta')).toMatchObject({
        settings: { authorization: [] },
        missing: ['authorization'],
      });
    }

    expect(reads).toHaveLength(4);
  });

  it('works half a minute after a secret was stored', async () => {
    const { hooks, clock, secrets } = await aHook();
    await hooks.of('acme', 'okta');
    secrets.set('b', 'the secret');

    clock.move(29_999);
    expect(await hooks.of('acme', 'okta')).toMatchObject({ settings: { authorization: [] } });
    clock.move(1);
    expect(await hooks.of('acme', 'okta')).toMatchObject({ settings: { authorization: ['the secret'] }, missing: [] });
  });

  it('differs from one whose secrets cannot be read, which are read again each time', async () => {
    const { hooks, down, reads, secrets } = await aHook();
    down.add('b');

    await expect(hooks.of('acme', 'okta')).rejects.toThrow(SecretUnavailable);
    down.clear();
    secrets.set('b', 'the secret');
    expect(await hooks.of('acme', 'okta')).toMatchObject({ settings: { authorization: ['the secret'] } });
    expect(reads.filter((read) => read === 'acme b')).toHaveLength(2);
  });
});

describe('a hook that does not exist', () => {
  it('costs one read in half a minute, by its tenant and by its scope, and works after that', async () => {
    const { hooks, clock, counts, store } = await aHook({ isThere: false });
    for (let call = 0; call < 100; call += 1) {
      expect(await hooks.of('acme', 'okta')).toBeUndefined();
      expect(await hooks.ofScope('cognito', 'cognito:p')).toBeUndefined();
    }
    expect(counts.calls).toBe(2);

    await store();
    clock.move(29_999);
    expect(await hooks.of('acme', 'okta')).toBeUndefined();
    clock.move(1);
    expect(await hooks.of('acme', 'okta')).toMatchObject({ tenant: 'acme' });
  });

  it('works at once if nobody asked for it before', async () => {
    const { hooks, store } = await aHook({ isThere: false });
    await store();

    expect(await hooks.of('acme', 'okta')).toMatchObject({ tenant: 'acme' });
  });
});

describe('kept secrets', () => {
  it('are read once in five minutes, each of its tenant and of its store', async () => {
    const { readSecret, reads, clock, secrets } = await aHook();
    secrets.set('a', 'the secret');
    const read = cachedSecrets(readSecret, clock);
    const ssm = { kind: 'ssm', name: 'a' } as const;

    for (let call = 0; call < 10; call += 1) expect(await read('acme', ssm)).toBe('the secret');
    expect(reads).toEqual(['acme a']);
    await read('globex', ssm);
    await read('acme', { kind: 'file', name: 'a' });
    expect(reads).toEqual(['acme a', 'globex a', 'acme a']);
    clock.move(5 * 60_000);
    await read('acme', ssm);
    expect(reads).toHaveLength(4);
  });
});
