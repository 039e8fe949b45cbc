import { describe, expect, it } from 'vitest';
import { aCommandWorld, asAdministrator, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aWorld } from '../fakes/world.ts';

const GIVEN = { url: 'https://hooks.acme.example/in', secret: 'secretsmanager:webhook' };
const SETTINGS = { settings: GIVEN };
const SHOWN = { settings: { ...GIVEN, secret: [GIVEN.secret] } };

describe('a tenant’s webhook', () => {
  it('is configured as a whole, and shown with its version', async () => {
    const { ask } = await aCommandWorld({});

    await ask('put-webhook', { settings: { ...GIVEN, types: ['pool.low'] } });
    expect(await ask('put-webhook', SETTINGS)).toEqual({ ...SHOWN, state: 'on', version: 2 });

    expect(await ask('get-webhook')).toEqual({ ...SHOWN, state: 'on', version: 2 });
    // The same again is no change.
    expect(await ask('put-webhook', SETTINGS)).toMatchObject({ version: 2 });
  });

  it('refuses the second of two editors', async () => {
    const { ask } = await aCommandWorld({});
    await ask('put-webhook', { ...SETTINGS, expectedVersion: 0 });

    const other = { settings: { ...GIVEN, secret: 'ssm:other' } };
    expect(await ask('put-webhook', { ...other, expectedVersion: 0 })).toEqual(
      refusal('stale-version', { version: 1 }),
    );
    expect(await ask('delete-webhook', { expectedVersion: 2 })).toEqual(refusal('stale-version', { version: 1 }));
    expect(await ask('put-webhook', { ...other, expectedVersion: 1 })).toMatchObject({ version: 2 });
  });

  it('is deleted, and can be deleted again', async () => {
    const table = memoryTable();
    const { ask } = await aCommandWorld({ table });
    await ask('put-webhook', SETTINGS);

    expect([await ask('delete-webhook'), await ask('delete-webhook')]).toEqual([{ deleted: true }, { deleted: true }]);
    expect(await ask('get-webhook')).toEqual(refusal('unknown-webhook'));
    expect(table.items().filter(({ pk }) => pk.startsWith('WEBHOOK#'))).toEqual([]);
  });

  it('has an address of this machine only on the local stack', async () => {
    const { deps } = await aWorld();
    const settings = { ...GIVEN, url: 'http://127.0.0.1:4800/hook' };

    const { ask } = asAdministrator({ ...deps, mayBeLocal: true });
    expect(await ask('put-webhook', { settings })).toMatchObject({ settings: { url: settings.url } });
    expect(await asAdministrator(deps).ask('put-webhook', { settings })).toEqual(
      refusal('invalid-request', { faults: [{ place: 'settings.url', text: expect.any(String) }] }),
    );
  });

  it.each([
    ['url', { url: 'http://hooks.acme.example/' }],
    ['url', { url: 'https://169.254.169.254/latest/meta-data' }],
    ['url', { url: 'http://127.0.0.1:4800/hook' }],
    ['secret', { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' }],
    ['types.0', { types: ['pool.full'] }],
    ['types', { types: [] }],
  ])('refuses a wrong %s: %o', async (place, wrong) => {
    const { ask } = await aCommandWorld({});

    expect(await ask('put-webhook', { settings: { ...GIVEN, ...wrong } })).toMatchObject({
      error: { code: 'invalid-request', faults: [{ place: `settings.${place}` }] },
    });
  });
});
