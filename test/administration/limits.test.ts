import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MOST_ASSIGNED, MOST_FOLDERS } from '../../shared/licensing/limits.ts';
import { MOST_ITEM_BYTES } from '../../shared/platform/ports/table.ts';
import { hookItem } from '../../shared/sign-in/hooks/hook.ts';
import { tenantOf } from '../../shared/store/items.ts';
import { tenantKey } from '../../shared/store/keys.ts';
import { tenantWrite } from '../../shared/store/write-tenant.ts';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';
import { memoryTable } from '../fakes/memory-table.ts';
import { aLicense, aUserCard, SETTINGS } from '../fakes/world.ts';

const texts = (count: number, before = ''): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${before}${index}`);
const PUBLIC_KEY = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const byName = (names: readonly string[], value: string) => Object.fromEntries(names.map((name) => [name, value]));
const POOL = { type: 'floating', access: 'write', free: 1 } as const;

const beyond = (place: string, most: number) => ({
  error: { code: 'invalid-request', faults: [{ place, text: expect.stringContaining(`at most ${most} `) }] },
});

describe('a tenant’s settings', () => {
  it.each([
    ['customers', 50, (count: number) => ({ customers: texts(count) })],
    ['folderClaims', 1_000, (count: number) => ({ folderClaims: { folders: byName(texts(count), 'Sales') } })],
    ['publicKeys', 20, (count: number) => ({ publicKeys: byName(texts(count), PUBLIC_KEY) })],
    [
      'poolThresholds',
      200,
      (count: number) => ({
        poolThresholds: texts(count).map((_, free) => ({ ...POOL, folder: 'Sales', free: free + 1 })),
      }),
    ],
    ['providerScopes', 80, (count: number) => ({ providerScopes: texts(count, 'cognito:p') })],
  ] as const)('have so many %s and not one more: %i', async (name, most, settingsOf) => {
    const { ask } = await aCommandWorld();
    const given = { customers: ['globex'], timeZone: 'UTC' };
    const place = `settings.${name}`;

    expect(await ask('update-tenant', { settings: settingsOf(most) })).not.toHaveProperty('error');
    expect(await ask('update-tenant', { settings: settingsOf(most + 1) })).toMatchObject(beyond(place, most));
    expect(await ask('create-tenant', { settings: { ...given, ...settingsOf(most + 1) } }, 'globex')).toMatchObject(
      beyond(place, most),
    );
    expect(await ask('create-tenant', { settings: { ...given, ...settingsOf(most) } }, 'globex')).not.toHaveProperty(
      'error',
    );
  });

  it('that exceed a limit already may stay and shrink, but not grow', async () => {
    const { ask } = await aCommandWorld({ settings: { customers: texts(60) } });
    const update = (settings: object) => ask('update-tenant', { settings });

    expect(await update({ cleanupHour: 4 })).not.toHaveProperty('error');
    expect(await update({ customers: texts(60, 'other ') })).not.toHaveProperty('error');
    expect(await update({ customers: texts(61) })).toMatchObject(beyond('settings.customers', 50));
    expect(await update({ customers: texts(55) })).not.toHaveProperty('error');
    expect(await update({ customers: texts(56) })).toMatchObject(beyond('settings.customers', 50));
  });

  it('have no claim value with its path of more than 4096 bytes', async () => {
    const { ask } = await aCommandWorld();
    const mapping = (bytes: number) => ({ folderClaims: { folders: { ['\u00e4'.repeat((bytes - 6) / 2)]: 'Sales' } } });

    expect(await ask('update-tenant', { settings: mapping(4_096) })).not.toHaveProperty('error');
    expect(await ask('update-tenant', { settings: mapping(4_098) })).toMatchObject({
      error: { faults: [{ place: 'settings.folderClaims', text: expect.stringContaining('4096 bytes') }] },
    });
  });
});

describe('folders', () => {
  it(`are ${MOST_FOLDERS}, and the next is refused with the limit`, async () => {
    const table = memoryTable();
    const { ask } = await aCommandWorld({ table });
    const stored = tenantOf((await table.get(tenantKey('acme')))!);
    const more = texts(MOST_FOLDERS - 4).map((name) => [`f${name}`, { name, parent: 'root' }] as const);
    const folders = { ...stored.folders, ...Object.fromEntries(more) };
    await table.write([tenantWrite(stored, { ...stored, folders })]);

    expect(await ask('create-folder', { folder: 'Last' })).toEqual({ folder: 'Last' });
    expect(await ask('create-folder', { folder: 'One more' })).toEqual(
      refusal('invalid-request', {
        faults: [{ place: 'folder', text: expect.stringContaining(`at most ${MOST_FOLDERS} folders`) }],
      }),
    );
    expect(await ask('create-folder', { folder: 'Last' })).toEqual({ folder: 'Last' });
  });
});

const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const SSF = { jwks: 'https://idp.example/keys', issuer: 'https://idp.example/', audience: 'a' };
const ENTRA = { ...SSF, tenants: ['entra:t'] };

describe('a hook', () => {
  it.each([
    ['okta', 'authorization', 4, (count: number) => ({ tenants: ['okta:a'], authorization: texts(count, 'ssm:a') })],
    ['keycloak', 'secret', 4, (count: number) => ({ tenants: ['keycloak:a'], secret: texts(count, 'ssm:a') })],
    ['entra', 'clientState', 4, (count: number) => ({ ...ENTRA, clientState: texts(count, 'ssm:a') })],
    ['ssf', 'issuer', 4, (count: number) => ({ ...SSF, issuer: texts(count) })],
    ['ssf', 'audience', 4, (count: number) => ({ ...SSF, audience: texts(count) })],
    ['ssf', 'jwks', 20, (count: number) => ({ ...SSF, jwks: { keys: texts(count).map((kid) => ({ ...KEY, kid })) } })],
    ['keycloak', 'tenants', 40, (count: number) => ({ tenants: texts(count, 'keycloak:'), secret: 'ssm:a' })],
    [
      'keycloak',
      'clientIds',
      50,
      (count: number) => ({ tenants: ['keycloak:a'], secret: 'ssm:a', clientIds: texts(count, 'c') }),
    ],
  ] as const)('of %s has so many %s and not one more: %i', async (provider, name, most, settingsOf) => {
    const table = memoryTable();
    const { ask } = await aCommandWorld({ table });
    const put = (count: number) => ask('put-hook', { provider, settings: settingsOf(count) });

    expect(await put(most + 1)).toMatchObject(beyond(`settings.${name}`, most));
    expect(await put(most)).toMatchObject({ version: 1 });
  });

  it('that exceeds a limit already may stay and shrink, but not grow', async () => {
    const table = memoryTable();
    const { ask } = await aCommandWorld({ table });
    const settingsOf = (count: number, before = 'ssm:a') => ({
      tenants: ['okta:a'],
      authorization: texts(count, before),
    });
    const change = { actor: 'test', cause: 'put-hook', at: '2026-01-01T00:00:00.000Z' };
    const hook = { tenant: 'acme', provider: 'okta', settings: settingsOf(3_000), version: 1, change } as const;
    await table.write([{ put: hookItem(hook) }]);
    const put = (count: number, before?: string) =>
      ask('put-hook', { provider: 'okta', settings: settingsOf(count, before) });

    expect(await put(3_001)).toMatchObject(beyond('settings.authorization', 4));
    expect(await put(3_000, 'ssm:b')).toMatchObject({ version: 2 });
    expect(await put(5)).toMatchObject({ version: 3 });
    expect(await put(6)).toMatchObject(beyond('settings.authorization', 4));
    expect(await put(4)).toMatchObject({ version: 4 });
  });

  it.each([
    ['issuer', 2_048],
    ['audience', 2_048],
  ])('has no %s of more than %i bytes', async (name, longest) => {
    const { ask } = await aCommandWorld();
    const put = (length: number) =>
      ask('put-hook', { provider: 'ssf', settings: { ...SSF, [name]: 'x'.repeat(length) } });

    expect(await put(longest + 1)).toMatchObject({ error: { faults: [{ place: `settings.${name}` }] } });
    expect(await put(longest)).toMatchObject({ version: 1 });
  });
});

describe('a webhook', () => {
  it('has at most four secrets, and grows no list that exceeds its limit already', async () => {
    const { ask } = await aCommandWorld();
    const url = 'https://hooks.acme.example/in';
    const put = (settings: object) => ask('put-webhook', { settings: { url, ...settings } });

    expect(await put({ secret: texts(4, 'ssm:a') })).toMatchObject({ version: 1 });
    expect(await put({ secret: texts(5, 'ssm:a') })).toMatchObject(beyond('settings.secret', 4));
    expect(await put({ secret: 'ssm:a', types: Array.from({ length: 21 }, () => 'pool.low') })).toMatchObject(
      beyond('settings.types', 20),
    );
  });
});

describe('a user', () => {
  it(`has ${MOST_ASSIGNED} licenses assigned, and the next is refused with the limit`, async () => {
    const note = {
      type: 'dedicated',
      access: 'write',
      modules: 'all',
      validFrom: '2026-01-15',
      folderId: 'sales',
    } as const;
    const cards = [
      aUserCard({ assigned: Object.fromEntries(texts(MOST_ASSIGNED - 1, 'OLD').map((serial) => [serial, note])) }),
    ];
    const licenses = texts(2, 'NEW').map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' }));
    const { ask } = await aCommandWorld({ cards, licenses });
    const assign = (serialNumber: string) => ask('assign-license', { serialNumber, user: 'ada' });

    expect(await assign('NEW0')).toMatchObject({ assignedTo: 'ada' });
    expect(await assign('NEW1')).toEqual(
      refusal('invalid-request', {
        faults: [{ place: 'user', text: expect.stringContaining(`at most ${MOST_ASSIGNED} licenses`) }],
      }),
    );
    expect(await assign('NEW0')).toMatchObject({ assignedTo: 'ada' });
  });
});

describe('a change that would make an item of the table too large', () => {
  const long = (count: number, longest: number) => byName(texts(count), 'x'.repeat(longest));

  // Each within its limits, but not all of them together.
  const claims = texts(1_000).map((claim) => claim.padEnd(1_000, 'x'));
  const mapping = { folderClaims: { folders: byName(claims, 'Sales') } };
  const keys = texts(20).map((kid) => ({ ...KEY, kid, x5c: ['x'.repeat(7_900)] }));
  const entra = {
    ...ENTRA,
    jwks: { keys },
    clientIds: texts(50, '\u0001'.repeat(190)),
    tenants: texts(40, `entra:${'\u0001'.repeat(1_000)}`),
  };
  it.each([
    ['update-tenant', { settings: mapping }, 'folderClaims'],
    ['create-tenant', { settings: { customers: ['globex'], timeZone: 'UTC', ...mapping } }, 'folderClaims'],
    ['put-hook', { provider: 'entra', settings: entra }, 'its lists'],
  ])('by %s is a fault that names what to shrink', async (command, members, text) => {
    const { ask } = await aCommandWorld();

    const answer = await ask(command, members, command === 'create-tenant' ? 'globex' : 'acme');

    expect(answer).toMatchObject({
      error: { code: 'invalid-request', faults: [{ place: 'settings', text: expect.stringContaining(text) }] },
    });
  });

  it('of a tenant that is almost full: a new folder, and another name', async () => {
    const folders = long(390, 1_000);
    const { ask } = await aCommandWorld({ settings: { folderClaims: { ...SETTINGS.folderClaims, folders } } });
    const path = texts(8, 'x'.repeat(70)).join('/');

    const answers = [];
    for (let index = 0; index < 40; index += 1) answers.push(await ask('create-folder', { folder: `${index}${path}` }));

    expect(answers).toContainEqual({ folder: `0${path}` });
    expect(answers.at(-1)).toMatchObject({
      error: { code: 'invalid-request', faults: [{ place: 'folder', text: expect.stringContaining('400 KB') }] },
    });
  });

  it('of a card: one more license, alone and among many', async () => {
    const note = {
      type: 'dedicated',
      access: 'write',
      modules: 'CMDB',
      validFrom: '2026-01-15',
      folderId: 'sales',
    } as const;
    const modules = 'x'.repeat(MOST_ITEM_BYTES - 1_500);
    const cards = [aUserCard({ assigned: { BIG: { ...note, modules } } })];
    const licenses = [
      aLicense({ serialNumber: 'BIG', type: 'dedicated', assignedTo: 'ada', modules: 'CMDB' }),
      ...texts(30, 'MORE').map((serialNumber) => aLicense({ serialNumber, type: 'dedicated' })),
    ];
    const { ask } = await aCommandWorld({ cards, licenses });
    const tooLarge = {
      code: 'invalid-request',
      faults: [{ place: expect.any(String), text: expect.stringContaining('release licenses') }],
    };

    const answers = [];
    for (let index = 0; index < 15; index += 1) {
      answers.push(await ask('assign-license', { serialNumber: `MORE${index}`, user: 'ada' }));
    }
    expect(answers[0]).not.toHaveProperty('error');
    expect(answers.at(-1)).toMatchObject({ error: tooLarge });

    const change = { action: 'assign', user: 'ada', several: true };
    const many = await ask('change-licenses', { change, licenses: [{ serialNumber: 'MORE29' }] });
    expect(many).toMatchObject({ results: [{ serialNumber: 'MORE29', done: false, error: tooLarge }] });
  });
});
