import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aCommandWorld, refusal } from '../fakes/command-world.ts';

const DEFAULTS = {
  customers: ['globex'],
  timeZone: 'Asia/Tokyo',
  environment: 'cloud',
  idleTimeout: 'PT8H',
  cleanupHour: 3,
  setAsideWarningDays: 7,
  refuseWithoutLicense: false,
  claims: 'at-creation',
  onLeave: 'keep',
  folderClaims: { folders: {}, moveExisting: false },
  publicKeys: {},
};
const GIVEN = { customers: ['globex'], timeZone: 'Asia/Tokyo' };

describe('create-tenant', () => {
  it('requires customers and time zone, and has a default for everything else', async () => {
    const { ask } = await aCommandWorld();

    const created = await ask('create-tenant', { settings: GIVEN }, 'globex');

    expect(created).toEqual({ tenant: 'globex', settings: DEFAULTS, version: 1 });
    expect(await ask('list-folders', {}, 'globex')).toMatchObject({ folders: [{ folder: '' }, { folder: 'zOld' }] });
  });

  it('accepts the same settings again, and does not replace other settings', async () => {
    const { ask } = await aCommandWorld();
    await ask('create-tenant', { settings: GIVEN }, 'globex');

    const again = await ask('create-tenant', { settings: { ...GIVEN, idleTimeout: 'PT480M' } }, 'globex');
    const other = await ask('create-tenant', { settings: { ...GIVEN, cleanupHour: 4 } }, 'globex');

    expect(again).toEqual({ tenant: 'globex', settings: DEFAULTS, version: 1 });
    expect(other).toEqual(refusal('conflict'));
  });

  it('creates one tenant in two concurrent calls', async () => {
    const { ask } = await aCommandWorld();

    const answers = await Promise.all([1, 2].map(() => ask('create-tenant', { settings: GIVEN }, 'globex')));

    expect(answers).toEqual([answers[0], answers[0]]);
  });

  it('keeps the settings of the first of two concurrent calls with different settings', async () => {
    const { ask } = await aCommandWorld();
    const create = (timeZone: string) =>
      ask('create-tenant', { settings: { customers: ['globex'], timeZone } }, 'globex');

    const answers = await Promise.all(['Europe/Helsinki', 'Asia/Tokyo'].map(create));

    expect(answers).toMatchObject([{ settings: { timeZone: 'Europe/Helsinki' } }, refusal('conflict')]);
  });

  it('names every invalid setting, and what it must be', async () => {
    const { ask } = await aCommandWorld();

    const answer = await ask('create-tenant', {
      settings: {
        customers: [],
        timeZone: '+02:00',
        environment: 'space',
        idleTimeout: '8h',
        cleanupHour: 24,
        cleanUpHour: 3,
        publicKeys: { k1: 'no key', 'k 2': 'no key' },
      },
    });

    expect(answer).toEqual(refusal('invalid-request', { faults: expect.any(Array) }));
    expect((answer as { error: { faults: object[] } }).error.faults).toEqual([
      { place: 'settings.customers', text: 'must name at least one customer text of license files' },
      { place: 'settings.timeZone', text: expect.stringContaining('IANA') },
      { place: 'settings.environment', text: 'must be one of cloud, on-premises' },
      { place: 'settings.idleTimeout', text: expect.stringContaining('PT8H') },
      { place: 'settings.cleanupHour', text: 'must be an hour of the day, 0 to 23' },
      { place: 'settings.publicKeys.k1', text: expect.stringContaining('Ed25519') },
      { place: 'settings.publicKeys.k 2', text: expect.stringContaining('A-Z') },
      { place: 'settings', text: 'has unknown members: cleanUpHour' },
    ]);
  });

  it.each(['PT5M', 'PT300S', 'P30D', 'PT720H'])('accepts an idle time of %j', async (idleTimeout) => {
    const { ask } = await aCommandWorld();

    const answer = await ask('create-tenant', { settings: { ...GIVEN, idleTimeout } }, 'globex');

    expect(answer).toMatchObject({ version: 1 });
  });

  const TOO_SHORT = ['PT0S', '-PT1H', 'PT1S', 'PT0.001S', 'PT4M59.999S'];
  const TOO_LONG = ['PT720H0.001S', 'P31D', 'P400D', 'P9999999D', 'P99999999999D'];
  it.each([...TOO_SHORT, ...TOO_LONG, 'P1M', '8h', '', '28800000'])(
    'refuses an idle time of %j',
    async (idleTimeout) => {
      const { ask } = await aCommandWorld();

      const answer = await ask('create-tenant', { settings: { ...GIVEN, idleTimeout } }, 'globex');

      expect(answer).toMatchObject(
        refusal('invalid-request', {
          faults: [
            {
              place: 'settings.idleTimeout',
              text: 'must be an ISO 8601 duration from PT5M (5 minutes) to P30D (30 days), such as PT8H',
            },
          ],
        }),
      );
    },
  );

  it('accepts an Ed25519 key as PEM or as base64, but no private key', async () => {
    const { ask } = await aCommandWorld();
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const pem = publicKey.export({ format: 'pem', type: 'spki' });
    const base64 = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const secret = privateKey.export({ format: 'pem', type: 'pkcs8' });

    const created = await ask(
      'create-tenant',
      { settings: { ...GIVEN, publicKeys: { k1: pem, k2: base64 } } },
      'globex',
    );
    const refusedOne = await ask('update-tenant', { settings: { publicKeys: { k1: secret } } }, 'globex');

    expect(created).toMatchObject({ settings: { publicKeys: { k1: pem, k2: pem } } });
    expect(refusedOne).toMatchObject(refusal('invalid-request'));
  });
});

describe('folders in the settings of a tenant', () => {
  const mapping = (path: string) => ({ folderClaims: { folders: { fin: path } } });
  const threshold = (folder: string) => ({ poolThresholds: [{ folder, type: 'floating', access: 'write', free: 1 }] });

  it.each([
    [
      'a mapping to a folder that does not exist',
      mapping('Finanse'),
      'folderClaims.folders.fin',
      'no folder "Finanse"',
    ],
    ['a mapping to zOld', mapping('zOld'), 'folderClaims.folders.fin', 'zOld'],
    [
      'a threshold of a folder that does not exist',
      threshold('Sales/Turku'),
      'poolThresholds[0].folder',
      'create-folder',
    ],
    ['a threshold of zOld', threshold('zOld'), 'poolThresholds[0].folder', 'zOld'],
  ])('update-tenant refuses %s', async (_what, settings, place, text) => {
    const { ask } = await aCommandWorld();

    expect(await ask('update-tenant', { settings })).toMatchObject({
      error: { code: 'invalid-request', faults: [{ place: `settings.${place}`, text: expect.stringContaining(text) }] },
    });
  });

  it('may name the root, and folders as other systems write them (NFD)', async () => {
    const { ask } = await aCommandWorld();
    await ask('create-folder', { folder: 'Käyttäjät' });
    const folders = { all: '', fin: 'Käyttäjät'.normalize('NFD') };

    expect(await ask('update-tenant', { settings: { folderClaims: { folders } } })).not.toHaveProperty('error');
  });

  it('may name folders of the future when the tenant is created, but never zOld', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('create-tenant', { settings: { ...GIVEN, ...mapping('Later') } }, 'globex')).toMatchObject({
      settings: mapping('Later'),
    });
    expect(await ask('create-tenant', { settings: { ...GIVEN, ...mapping('zOld') } }, 'initech')).toMatchObject(
      refusal('invalid-request'),
    );
  });

  it('follow a folder that is renamed, and the folders below it', async () => {
    const { ask } = await aCommandWorld();
    await ask('create-folder', { folder: 'Finance/Helsinki' });
    await ask('update-tenant', { settings: { ...mapping('Finance/Helsinki'), ...threshold('Finance') } });

    await ask('rename-folder', { folder: 'Finance', newPath: 'Economy' });

    expect(await ask('get-tenant')).toMatchObject({
      settings: { ...mapping('Economy/Helsinki'), ...threshold('Economy') },
    });
  });
});

describe('update-tenant', () => {
  it('changes the given settings and nothing else', async () => {
    const { ask } = await aCommandWorld();
    await ask('create-tenant', { settings: { ...GIVEN, folderClaims: { folders: {}, moveExisting: true } } }, 'globex');
    await ask('create-folder', { folder: 'Finance' }, 'globex');

    const updated = await ask(
      'update-tenant',
      { settings: { idleTimeout: 'PT30M', folderClaims: { folders: { fin: 'Finance' } } } },
      'globex',
    );

    const folderClaims = { folders: { fin: 'Finance' }, moveExisting: true };
    expect(updated).toEqual({
      tenant: 'globex',
      settings: { ...DEFAULTS, idleTimeout: 'PT30M', claims: 'each-login', folderClaims },
      version: 3,
    });
  });

  it.each([
    ['claims', { claims: 'each-login' }, 'each-login'],
    ['what older requests call it', { folderClaims: { folders: {}, moveExisting: true } }, 'each-login'],
    [
      'claims, where both are given',
      { claims: 'at-creation', folderClaims: { folders: {}, moveExisting: true } },
      'at-creation',
    ],
    [
      'claims, where both are given',
      { claims: 'each-login', folderClaims: { folders: {}, moveExisting: false } },
      'each-login',
    ],
    ['neither: at creation', {}, 'at-creation'],
  ])('takes when claims count from %s, and keeps both names alike', async (_what, given, claims) => {
    const { ask } = await aCommandWorld();
    const shown = { settings: { claims, folderClaims: { moveExisting: claims === 'each-login' } } };

    expect(await ask('create-tenant', { settings: { ...GIVEN, ...given } }, 'globex')).toMatchObject(shown);
    expect(await ask('update-tenant', { settings: given }, 'acme')).toMatchObject(shown);
  });

  it('applies the later of two requests, whichever name it uses', async () => {
    const { ask } = await aCommandWorld();
    const changed = async (settings: object) => await ask('update-tenant', { settings });

    await changed({ claims: 'each-login' });
    expect(await changed({ folderClaims: { folders: { fin: 'Finance' } } })).toMatchObject({
      settings: { claims: 'each-login', folderClaims: { folders: { fin: 'Finance' }, moveExisting: true } },
    });
    expect(await changed({ folderClaims: { folders: {}, moveExisting: false } })).toMatchObject({
      settings: { claims: 'at-creation', folderClaims: { moveExisting: false } },
    });
    expect(await changed({ claims: 'each-login' })).toMatchObject({ settings: { claims: 'each-login' } });
  });

  it('reads the settings of an older tenant as they were meant, and writes nothing if they are given again', async () => {
    const { ask } = await aCommandWorld({ settings: { folderClaims: { folders: {}, moveExisting: true } } });

    const read = await ask('get-tenant');
    const again = await ask('update-tenant', { settings: { claims: 'each-login' } });

    expect(read).toMatchObject({ settings: { claims: 'each-login', onLeave: 'keep' }, version: 1 });
    expect(again).toEqual(read);
  });

  it('accepts the known choices for the licenses of leavers, and no other', async () => {
    const { ask } = await aCommandWorld();

    expect(await ask('update-tenant', { settings: { onLeave: 'release' } })).toMatchObject({
      settings: { onLeave: 'release' },
    });
    for (const settings of [{ onLeave: 'delete' }, { claims: 'never' }, { claims: true }]) {
      expect(await ask('update-tenant', { settings })).toMatchObject(refusal('invalid-request'));
    }
  });

  it('loses neither of two concurrent changes', async () => {
    const { ask } = await aCommandWorld();

    await Promise.all([
      ask('update-tenant', { settings: { cleanupHour: 5 } }),
      ask('update-tenant', { settings: { setAsideWarningDays: 1 } }),
      ask('create-folder', { folder: 'Legal' }),
    ]);

    expect(await ask('update-tenant', { settings: {} })).toMatchObject({
      settings: { cleanupHour: 5, setAsideWarningDays: 1 },
    });
    expect(await ask('list-user-cards', { folder: 'Legal' })).toEqual({ userCards: [] });
  });

  it('refuses an unknown tenant', async () => {
    const { ask } = await aCommandWorld();

    const answer = await ask('update-tenant', { settings: {} }, 'nobody');

    expect(answer).toEqual(refusal('unknown-tenant'));
  });
});

describe('a request', () => {
  it.each([
    ['an unknown command', { command: 'drop-table' }, 'command', /^must be one of create-tenant, /],
    ['a missing member', { command: 'get-license' }, 'serialNumber', /^is missing$/],
    ['a wrong member', { command: 'get-license', serialNumber: 7 }, 'serialNumber', /^must be text$/],
    ['no actor', { command: 'audit', actor: undefined }, 'actor', /^is missing$/],
    ['a tenant that is none', { command: 'audit', tenant: 'A#B' }, 'tenant', /^must be 1 to 40 /],
    ['a limit out of range', { command: 'list-licenses', limit: 1_001 }, 'limit', /^must be 1 to 1000$/],
  ])('with %s is answered with the fault, its place and what to do', async (_what, members, place, text) => {
    const { ask } = await aCommandWorld();

    const answer = await ask('', members);

    expect(answer).toEqual(refusal('invalid-request', { faults: [{ place, text: expect.stringMatching(text) }] }));
  });

  it('is logged with its tenant, command and refusal, and without personal data', async () => {
    const { ask, logged } = await aCommandWorld();

    await ask('get-user-card', { user: 'ada@example.com' });

    expect(logged).toEqual([['administered', { tenant: 'acme', command: 'get-user-card', refused: 'unknown-user' }]]);
  });
});
